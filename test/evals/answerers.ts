import type { Answerer as Verdict } from '../../src/domain/answered-by.js';
import type { TextToSpeech } from '../../src/domain/ports/speech.js';
import { joined, speak } from '../bench/caller-speech.js';
import { recordedPrompt } from '../bench/recorded-voices.js';

/** Rules are made by the one half, and judged by the other too. */
export type Half = 'tuned' | 'held out';

/**
 * Whoever takes a call. `sound`: what is heard of them from the answer on, at 16 kHz; `early`: before. `beepEndSample`: where in `sound` a
 * machine's beep ends.
 */
export type Answerer = {
  what: string;
  verdict: Exclude<Verdict, 'unknown'>;
  half: Half;
  sound: Int16Array;
  early?: Int16Array;
  beepEndSample?: number | undefined;
};

const RATE_HZ = 16_000;
const VOICES = ['rms', 'awb', 'slt'];
const BEEPS_HZ = [1000, 880, 1400];
/** Before a machine beeps. */
const BEFORE_BEEP_MS = [300, 700];

/** A number is a pause in milliseconds. */
type Saying = readonly (string | number)[];
type InHalves<T> = Readonly<Record<Half, T>>;

const GREETINGS: InHalves<readonly Saying[]> = {
  tuned: [
    ['Hello?'],
    ['Hello, this is Mary.'],
    ['Good morning.'],
    ['Hello?', 900, 'Hello?'],
    ['Yes?', 600, 'Who is there?'],
    ['Hello, one moment.', 400, 'Yes, hello?'],
    ['Good morning, Smith and Sons, how can I help you?'],
    ['Millers bakery, this is Ann, hello.'],
    ['Good afternoon, city hall, Susan speaking.'],
    ['Reception, good evening, what can I do for you?'],
  ],
  'held out': [
    ['Yeah.'],
    ['Hi, who is calling please?'],
    ['Doctor Brown.'],
    ['Hello.', 700, 'Is anybody there?'],
    ['This is Thomas, hello, how are you?'],
    ['Yes hello, David Miller here.'],
    ['Central hotel, front desk, my name is Laura.'],
    ['Green garden center, Paul speaking, good morning.'],
    ['Technical support, you are talking to Jim, hi.'],
    ['Sorry, it is loud here.', 500, 'Hello?'],
  ],
};
/** Short sayings, which stand for greetings where words do not count. */
const RECORDED_GREETINGS: InHalves<readonly [voice: string, prompts: readonly string[]][]> = {
  tuned: [
    ['en_US_f_Allison', ['hello', 'vm-goodbye', 'pbx-transfer']],
    ['es_MX_f_Allison', ['vm-goodbye', 'vm-isunavail', 'vm-isonphone']],
    ['it_IT_m_Carlo', ['vm-goodbye', 'pbx-transfer', 'one-moment-please']],
    ['fr_CA_f_June', ['vm-goodbye', 'vm-isonphone']],
    ['ru_RU_f_IvrvoiceRU', ['vm-goodbye', 'vm-isonphone']],
  ],
  'held out': [
    ['en_US_f_Allison', ['agent-loginok', 'auth-thankyou']],
    ['es_MX_f_Allison', ['agent-loginok', 'auth-thankyou', 'hello-world']],
    ['it_IT_m_Carlo', ['agent-loginok', 'auth-thankyou', 'hello-world']],
    ['fr_CA_f_June', ['agent-loginok', 'auth-thankyou', 'hello-world']],
    ['ru_RU_f_IvrvoiceRU', ['agent-loginok', 'auth-thankyou', 'hello-world']],
  ],
};
const UNAVAILABLE = ['vm-theperson', 'digits/4', 'vm-isunavail', 'vm-intro'];
/** Prompts of a real voicemail, one behind the other; held out are those of networks and full mailboxes as well. */
const RECORDED_MACHINES: InHalves<readonly [voice: string, chains: readonly (readonly string[])[]][]> = {
  tuned: [
    ['en_US_f_Allison', [UNAVAILABLE, ['vm-nobodyavail', 'vm-intro'], ['vm-intro'], ['vm-leavemsg']]],
    ['es_MX_f_Allison', [UNAVAILABLE, ['vm-intro']]],
    ['it_IT_m_Carlo', [UNAVAILABLE, ['vm-intro'], ['vm-nobodyavail']]],
    ['fr_CA_f_June', [UNAVAILABLE, ['vm-intro'], ['vm-nobodyavail']]],
    ['ru_RU_f_IvrvoiceRU', [UNAVAILABLE, ['vm-intro'], ['vm-nobodyavail']]],
  ],
  'held out': [
    ['en_US_f_Allison', [['vm-mailboxfull'], ['ss-noservice'], ['tt-allbusy']]],
    ['es_MX_f_Allison', [['vm-mailboxfull'], ['ss-noservice'], ['tt-allbusy']]],
    ['it_IT_m_Carlo', [['vm-mailboxfull'], ['ss-noservice'], ['tt-allbusy']]],
    ['fr_CA_f_June', [['vm-mailboxfull'], ['ss-noservice'], ['tt-allbusy']]],
    ['ru_RU_f_IvrvoiceRU', [['vm-mailboxfull'], ['ss-noservice'], ['tt-allbusy']]],
  ],
};
/** What people say into their own voicemail. */
const OWN_GREETINGS: InHalves<readonly Saying[]> = {
  tuned: [
    [
      'Hi, you have reached John Smith.',
      500,
      'I can not come to the phone right now.',
      400,
      'Please leave a message after the beep.',
    ],
    ['This is Mary.', 800, 'Leave a message and I will call you back.'],
    ['You have reached five five five, one two three four.', 700, 'Nobody is here to take your call.'],
    [
      'Hello, this is Peter Brown.',
      600,
      'I am out of the office until Monday.',
      600,
      'Please try my colleague, or leave a message.',
    ],
    ['Hi, it is Susan.', 900, 'You know what to do after the tone.'],
    ['The Jones family is not at home.', 400, 'Speak after the tone, please.'],
  ],
  'held out': [
    ['Thomas Miller, voice mail.', 500, 'Say what you want, and I will hear it tonight.'],
    ['Thank you for calling the central hotel.', 600, 'All our lines are busy, please leave your number.'],
    ['Hey, I am not here.', 700, 'Text me, or talk to the machine.'],
    ['Good day.', 400, 'The practice is closed on Wednesdays.', 500, 'In an emergency please call the hospital.'],
  ],
};
const MENUS: InHalves<readonly [voice: string, prompts: readonly string[]][]> = {
  tuned: [
    ['en_US_f_Allison', ['basic-pbx-ivr-main']],
    ['it_IT_m_Carlo', ['vm-opts']],
    ['fr_CA_f_June', ['vm-opts']],
  ],
  'held out': [
    ['en_US_f_Allison', ['demo-congrats']],
    ['es_MX_f_Allison', ['vm-opts']],
    ['ru_RU_f_IvrvoiceRU', ['demo-congrats']],
  ],
};

const silence = (ms: number): Int16Array => new Int16Array((ms * RATE_HZ) / 1000);

/** Every one that is known; people and machines with voices of `tts` are told apart by who greets, not by who speaks. */
export async function labelledAnswerers(tts: TextToSpeech): Promise<Answerer[]> {
  const all: Answerer[] = [];
  for (const half of ['tuned', 'held out'] as const) {
    const say = async (saying: Saying, voice: string): Promise<Int16Array> =>
      joined(await Promise.all(saying.map(async (part) => (typeof part === 'number' ? silence(part) : speak(tts, part, voice)))));
    for (const voice of VOICES) {
      for (const saying of GREETINGS[half]) {
        const greeting = await say(saying, voice);
        all.push({ what: `${voice}: ${saying.join(' … ')}`, verdict: 'human', half, sound: joined([silence(400), greeting]) });
      }
    }
    for (const [voice, prompts] of RECORDED_GREETINGS[half]) {
      for (const prompt of prompts) {
        const sound = joined([silence(500), recordedPrompt(prompt, voice)]);
        all.push({ what: `${voice} ${prompt}`, verdict: 'human', half, sound });
      }
    }
    const greetings: [what: string, greeting: Int16Array][] = RECORDED_MACHINES[half].flatMap(([voice, chains]) =>
      chains.map((chain) => [`${voice} ${chain.join(' ')}`, chained(voice, chain)] as [string, Int16Array]),
    );
    for (const [i, saying] of OWN_GREETINGS[half].entries()) {
      const voice = VOICES[i % VOICES.length] ?? 'rms';
      greetings.push([`${voice}: ${saying.join(' … ')}`, await say(saying, voice)]);
    }
    for (const [i, [what, greeting]] of greetings.entries()) all.push(machine(`${what} BEEP`, half, greeting, i));
    for (const [voice, prompts] of MENUS[half]) {
      const sound = joined([silence(400), chained(voice, prompts)]);
      all.push({ what: `${voice} ${prompts.join(' ')}`, verdict: 'ivr', half, sound });
    }
  }
  return all;
}

/** Whom it takes more than a voice to tell: by tones, before the answer, or by what does not come. */
export function othersWhoAnswer(): Answerer[] {
  const early = chained('en_US_f_Allison', ['vm-theperson', 'digits/7', 'vm-isunavail', 'vm-intro']);
  const answered = machine('en_US_f_Allison before the answer, BEEP', 'held out', silence(200), 0);
  return [
    { what: 'a fax that answers', verdict: 'fax', half: 'held out', sound: joined([silence(1800), tone(2100, 3000)]) },
    {
      what: 'a fax that calls',
      verdict: 'fax',
      half: 'held out',
      sound: joined([silence(500), tone(1100, 500), silence(3000), tone(1100, 500)]),
    },
    { what: 'nobody', verdict: 'silence', half: 'held out', sound: silence(3000) },
    { ...answered, early },
  ];
}

function machine(what: string, half: Half, greeting: Int16Array, index: number): Answerer {
  const gapMs = BEFORE_BEEP_MS[index % BEFORE_BEEP_MS.length] ?? 0;
  const sound = joined([silence(500), greeting, silence(gapMs), tone(BEEPS_HZ[index % BEEPS_HZ.length] ?? 0, 400)]);
  return { what, verdict: 'machine', half, sound, beepEndSample: sound.length };
}

const tone = (hz: number, ms: number): Int16Array =>
  silence(ms).map((_, i) => Math.round(7000 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ)));

const chained = (voice: string, prompts: readonly string[]): Int16Array =>
  joined(prompts.flatMap((prompt) => [recordedPrompt(prompt, voice), silence(150)]));
