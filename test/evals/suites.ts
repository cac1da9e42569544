import { systemClock } from '../../src/core/clock.js';
import { demoAgent } from '../../src/speech/script/demo-agent.js';
import { audibleBetween, firstAudibleAfter, heardToTheEnd, yieldedAfter } from '../bench/line-analysis.js';
import { FRAME_SAMPLES } from '../bench/line-record.js';
import { quantile } from '../bench/statistics.js';
import { type AgentLine, agentWords, callerWords, type Judged, type Script } from './agent-line.js';
import { LASTING, SUDDEN } from './noises.js';
import { wordErrors, wordsOf } from './words.js';

/** One line of the result. `aim`: what it should be, as the text says it. */
export type Figure = { eval: string; figure: string; n: number; value: number; unit: '%' | 'ms' | '/min'; aim?: string };

export const VOICES = ['rms', 'awb', 'slt'];
/** The telephone has four lines. */
export const AT_ONCE = 3;
export const QUESTION = 'Tell me about off hook.';
/** A pause between words that somebody reads out. */
const RATE_HZ = 16_000;
const PATIENT_MS = 4000;

export const percent = (part: number, whole: number): number => (whole === 0 ? Number.NaN : (100 * part) / whole);
export const silence = (ms: number): Int16Array => new Int16Array((ms * RATE_HZ) / 1000);

/** What the demo agent's longest answer sounds like on this line when nobody disturbs it. */
export async function undisturbed(line: AgentLine): Promise<Int16Array> {
  const question = await line.say(QUESTION, 'rms');
  const script: Script = async (caller) => {
    await caller.listen();
    await caller.say(question);
    await caller.listen();
  };
  // The first one fills the caches.
  const [, call] = await line.call('demo', [script, script], 1);
  if (!call) throw new Error('no call');
  const start = firstAudibleAfter(call.utterances[0]?.lastMs ?? 0, call.line);
  return call.line.samples.subarray((start?.frame ?? 0) * FRAME_SAMPLES);
}

/** Whether the agent stops for those who want to speak, and how fast. */
export async function interruptions(line: AgentLine): Promise<Figure[]> {
  const answer = await undisturbed(line);
  const sayings = ['stop', 'wait a second', 'no thank you', 'what are your opening hours', 'are you a robot'];
  const scripts: Script[] = [];
  for (const voice of VOICES) {
    const question = await line.say(QUESTION, voice);
    for (const saying of sayings) {
      const interruption = await line.say(saying, voice);
      scripts.push(async (caller) => {
        await caller.listen();
        await caller.say(question);
        await caller.interrupt(interruption);
        await caller.wait(PATIENT_MS);
      });
    }
  }
  const calls = await line.call('demo', scripts, AT_ONCE);
  const said = calls.flatMap((call) =>
    call.utterances.filter(({ interrupts }) => interrupts).map((utterance) => ({ call, utterance })),
  );
  const yields = said.flatMap(({ call, utterance }) => {
    const gaveWay = yieldedAfter(utterance.firstMs, call.line, answer);
    return gaveWay
      ? [{ toDuck: gaveWay.lastFullLevelMs - utterance.firstMs, toSilence: gaveWay.lastAudibleMs - utterance.firstMs }]
      : [];
  });
  const times = (name: string, values: readonly number[], aims: readonly [number, number]): Figure[] => [
    {
      eval: 'interruptions',
      figure: `${name}, p50`,
      n: values.length,
      value: quantile(values, 0.5),
      unit: 'ms',
      aim: `<= ${aims[0]}`,
    },
    {
      eval: 'interruptions',
      figure: `${name}, p95`,
      n: values.length,
      value: quantile(values, 0.95),
      unit: 'ms',
      aim: `<= ${aims[1]}`,
    },
  ];
  return [
    {
      eval: 'interruptions',
      figure: 'missed',
      n: said.length,
      value: percent(said.length - yields.length, said.length),
      unit: '%',
    },
    ...times(
      'onset to last packet at full level',
      yields.map(({ toDuck }) => toDuck),
      [110, 240],
    ),
    ...times(
      'onset to last audible packet',
      yields.map(({ toSilence }) => toSilence),
      [210, 350],
    ),
  ];
}

/** Whether it goes on when nobody wants to speak. */
export async function disturbances(line: AgentLine): Promise<Figure[]> {
  const answer = await undisturbed(line);
  const listening: Int16Array[] = [];
  for (const voice of VOICES) {
    for (const saying of ['okay', 'yeah', 'uh huh', 'right', 'I see']) listening.push(await line.say(saying, voice));
  }
  const question = await line.say(QUESTION, 'rms');
  const cuts = async (name: string, noises: readonly Int16Array[]): Promise<Figure> => {
    const beganMs: number[] = [];
    const scripts = noises.map(
      (noise, index): Script =>
        async (caller) => {
          await caller.listen();
          await caller.say(question);
          await caller.disturb(noise, 1500 + 300 * (index % 5));
          beganMs[index] = systemClock.monotonicMs();
          await caller.listen();
          await caller.wait(1000);
        },
    );
    const calls = await line.call('demo', scripts, AT_ONCE);
    const cut = calls.filter((call, index) => !heardToTheEnd(beganMs[index] ?? 0, call.line, answer));
    return {
      eval: 'disturbances',
      figure: `${name}: agent cut`,
      n: calls.length,
      value: percent(cut.length, calls.length),
      unit: '%',
      aim: '< 2',
    };
  };
  return [
    await cuts('"okay", "uh huh" and the like', listening),
    await cuts('coughs, doors, keys, breath', [...Object.values(SUDDEN), ...Object.values(SUDDEN)]),
  ];
}

/** Whether it lets those finish who think in the middle of a sentence. */
export async function pauses(line: AgentLine): Promise<Figure[]> {
  const sentences: [string, number, string][] = [
    ['what are', 800, 'your opening hours'],
    ['tell me about', 1000, 'off hook'],
    ['I would like to make an appointment for', 1100, 'Monday'],
    ['my name is', 900, 'James'],
    ['can I talk to', 700, 'a person'],
  ];
  const scripts: Script[] = [];
  for (const voice of VOICES) {
    for (const [first, gapMs, second] of sentences) {
      const before = await line.say(first, voice);
      const after = await line.say(second, voice);
      scripts.push(async (caller) => {
        await caller.listen();
        await caller.say(before);
        await caller.wait(gapMs);
        await caller.say(after);
        await caller.hearAnswer();
      });
    }
  }
  return [cutIns('pauses', 'unfinished sentences', await line.call('demo', scripts, AT_ONCE))];
}

function cutIns(name: string, what: string, calls: readonly Judged[]): Figure {
  const cut = calls.filter(({ line, utterances }) => {
    const [first] = utterances;
    const last = utterances.at(-1);
    return first && last && audibleBetween(first.lastMs, last.lastMs, line) >= 100;
  });
  return {
    eval: name,
    figure: `${what}: agent cut in`,
    n: calls.length,
    value: percent(cut.length, calls.length),
    unit: '%',
    aim: '< 3',
  };
}

/** What the embedded recogniser understands of the demo agent's phrases, and whether the right answer comes, and when. */
export async function words(line: AgentLine): Promise<Figure[]> {
  const intents = demoAgent.script?.intents.filter((intent) => !intent.endCall && !intent.reply.includes('{{')) ?? [];
  const phrases = intents.flatMap(({ phrases: all, reply }) =>
    all
      .filter((phrase) => !phrase.includes('{'))
      .slice(0, 3)
      .map((phrase) => ({ phrase, reply })),
  );
  const cases = VOICES.flatMap((voice) => phrases.map((each) => ({ ...each, voice })));
  const scripts = await Promise.all(
    cases.map(async ({ phrase, voice }): Promise<Script> => {
      const spoken = await line.say(phrase, voice);
      return async (caller) => {
        await caller.listen();
        await caller.say(spoken);
        await caller.hearAnswer();
      };
    }),
  );
  const calls = await line.call('demo', scripts, AT_ONCE);
  let errors = 0;
  let saidWords = 0;
  let close = 0;
  let right = 0;
  const responses: number[] = [];
  for (const [index, call] of calls.entries()) {
    const { phrase = '', reply = '' } = cases[index] ?? {};
    const wrong = wordErrors(wordsOf(phrase), wordsOf(callerWords(call).join(' ')));
    errors += wrong;
    saidWords += wordsOf(phrase).length;
    if (wrong <= 1) close += 1;
    if (reply.startsWith(agentWords(call).at(-1)?.slice(0, 12) ?? '?')) right += 1;
    const answered = firstAudibleAfter(call.utterances[0]?.lastMs ?? 0, call.line);
    if (answered) responses.push(answered.atMs - (call.utterances[0]?.lastMs ?? 0));
  }
  const n = calls.length;
  return [
    { eval: 'words', figure: 'heard within one word', n, value: percent(close, n), unit: '%' },
    { eval: 'words', figure: 'word errors', n: saidWords, value: percent(errors, saidWords), unit: '%' },
    { eval: 'words', figure: 'right answer', n, value: percent(right, n), unit: '%' },
    {
      eval: 'words',
      figure: 'end of speech to first packet, p50',
      n: responses.length,
      value: quantile(responses, 0.5),
      unit: 'ms',
    },
    {
      eval: 'words',
      figure: 'end of speech to first packet, p95',
      n: responses.length,
      value: quantile(responses, 0.95),
      unit: 'ms',
    },
    {
      eval: 'words',
      figure: 'longest silence of the agent',
      n: responses.length,
      value: quantile(responses, 1),
      unit: 'ms',
      aim: '<= 2500',
    },
  ];
}

/** Key presses get what they stand for. */
export async function keys(line: AgentLine): Promise<Figure[]> {
  const expected = { '1': 'We are open', '2': 'You find us', '3': 'A full service', '0': 'There is nobody' };
  const presses = Object.keys(expected).flatMap((key) => [key, key]);
  const calls = await line.call(
    'demo',
    presses.map(
      (key): Script =>
        async (caller) => {
          await caller.listen();
          caller.press(key);
          await caller.hearAnswer();
          await caller.wait(1500);
        },
    ),
    AT_ONCE,
  );
  const right = calls.filter((call, index) => {
    const begins = expected[presses[index] as keyof typeof expected];
    return agentWords(call).at(-1)?.startsWith(begins) === true;
  });
  return [
    { eval: 'keys', figure: 'right answer', n: calls.length, value: percent(right.length, calls.length), unit: '%', aim: '100' },
  ];
}

/** Tones, music and noise are nobody: no turn may begin with them. */
export async function noise(line: AgentLine): Promise<Figure[]> {
  const names = Object.keys(LASTING);
  const calls = await line.call(
    'demo',
    names.map(
      (name): Script =>
        async (caller) => {
          await caller.listen();
          await caller.say(LASTING[name] ?? new Int16Array(0));
        },
    ),
    AT_ONCE,
  );
  const minutes = Object.values(LASTING).reduce((sum, { length }) => sum + length / RATE_HZ / 60, 0);
  const turns = calls.reduce((sum, { record }) => sum + record.turns.filter(({ cause }) => cause === 'speech').length, 0);
  return [
    {
      eval: 'noise',
      figure: 'turns begun by tones, music, noise',
      n: calls.length,
      value: turns / minutes,
      unit: '/min',
      aim: '0',
    },
  ];
}

/** Someone who says nothing is asked whether they are there. */
export async function quiet(line: AgentLine): Promise<Figure[]> {
  const calls = await line.call(
    'demo',
    Array.from(
      { length: 3 },
      (): Script => async (caller) => {
        await caller.listen();
        await caller.wait(12_000);
      },
    ),
    AT_ONCE,
  );
  const asked = calls.filter(({ record }) => record.turns.some(({ cause }) => cause === 'silence'));
  return [
    {
      eval: 'quiet',
      figure: 'silent caller is spoken to',
      n: calls.length,
      value: percent(asked.length, calls.length),
      unit: '%',
      aim: '100',
    },
  ];
}
