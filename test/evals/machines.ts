import { once } from 'node:events';
import { systemClock } from '../../src/core/clock.js';
import type { IncomingInvite } from '../../src/domain/ports/telephony.js';
import { startUserAgent } from '../../src/user-agent.js';
import { joined, speak } from '../bench/caller-speech.js';
import { FRAME_SAMPLES, LineRecord } from '../bench/line-record.js';
import { passed } from '../bench/passed.js';
import { recordedPrompt } from '../bench/recorded-voices.js';
import { ADMIN_KEY, type ApiCall, type ServerProcess, startServerProcess } from '../bench/server-process.js';
import { quantile } from '../bench/statistics.js';
import { rms } from '../support/signal.js';
import type { Figure } from './suites.js';

type Phone = Awaited<ReturnType<typeof startUserAgent>>;
type AnsweredCall = ApiCall & { answered_by: { verdict: string; after_ms: number } | null };
/** What answers. `beepEndSample`: where in it its beep ends, of a machine. */
type Answerer = { verdict: 'human' | 'machine'; sound: Int16Array; beepEndSample: number };
type Outcome = { answerer: Answerer; call: AnsweredCall | undefined; messageMs: number };

const RATE_HZ = 16_000;
const MESSAGE = 'Please call us back when you have a minute.';
const VOICES = ['rms', 'awb', 'slt'];
const GREETINGS = ['Hello?', 'Yes, hello?', 'John Smith speaking.', 'Hello, this is Mary.', 'Good morning.'];
const RECORDED_GREETINGS = ['hello', 'vm-goodbye'];
/** Prompts of a real voicemail, one behind the other, in three languages. */
const MACHINES: readonly [voice: string, prompts: readonly string[]][] = [
  ['en_US_f_Allison', ['vm-theperson', 'digits/4', 'digits/2', 'vm-isunavail', 'vm-intro']],
  ['en_US_f_Allison', ['vm-nobodyavail', 'vm-intro']],
  ['en_US_f_Allison', ['vm-theperson', 'digits/7', 'vm-isonphone', 'vm-intro']],
  ['es_MX_f_Allison', ['vm-theperson', 'digits/4', 'vm-isunavail', 'vm-intro']],
  ['es_MX_f_Allison', ['vm-intro']],
  ['it_IT_m_Carlo', ['vm-theperson', 'digits/4', 'vm-isunavail', 'vm-intro']],
  ['it_IT_m_Carlo', ['vm-intro']],
];
const BEEPS_HZ = [1000, 440 * 2, 1400];
const LISTENS_MS = 6000;
const AUDIBLE_RMS = 50;

const silence = (ms: number): Int16Array => new Int16Array((ms * RATE_HZ) / 1000);
const beep = (hz: number): Int16Array =>
  silence(400).map((_, i) => Math.round(7000 * Math.sin((2 * Math.PI * hz * i) / RATE_HZ)));

/** Who answers calls, and whether machines are told from people, and get the message whole. */
export async function machines(): Promise<Figure[]> {
  const phone = await startUserAgent({}, { bind: '127.0.0.1', voices: 1 });
  const gatewayUri = `"sip:{number}@127.0.0.1:${phone.ports.sipPort}"`;
  const server = await startServerProcess(`outbound: { gatewayUri: ${gatewayUri}, maxConcurrent: 3, callsPerSecond: 5 }`);
  try {
    const answerers = await everybody(phone);
    return figuresOf(await callAll(phone, server, answerers), await lengthMs(phone));
  } finally {
    await server.stop();
    await phone.close();
  }
}

async function everybody(phone: Phone): Promise<Answerer[]> {
  const people: Int16Array[] = RECORDED_GREETINGS.map((name) => recordedPrompt(name));
  for (const voice of VOICES) for (const greeting of GREETINGS) people.push(await speak(phone.tts, greeting, voice));
  const recordings = MACHINES.flatMap(([voice, prompts]) => {
    const greeting = joined(prompts.flatMap((prompt) => [recordedPrompt(prompt, voice), silence(150)]));
    return BEEPS_HZ.map((hz) => joined([silence(500), greeting, silence(300), beep(hz)]));
  });
  return [
    ...people.map((sound) => ({ verdict: 'human', sound: joined([silence(400), sound]), beepEndSample: 0 }) as const),
    ...recordings.map((sound) => ({ verdict: 'machine', sound, beepEndSample: sound.length }) as const),
  ];
}

/** Each answerer has a number of its own. */
async function callAll(phone: Phone, server: ServerProcess, answerers: readonly Answerer[]): Promise<Outcome[]> {
  const outcomes: (Omit<Outcome, 'call'> & { sipCallId: string })[] = [];
  const allOver = new EventTarget();
  phone.telephony.onInvite((invite) => {
    const answerer = answerers[Number(invite.requestUser?.slice(-3))];
    if (!answerer) return invite.reject(404);
    void answer(phone, invite, answerer).then((messageMs) => {
      outcomes.push({ answerer, messageMs, sipCallId: invite.sipCallId });
      if (outcomes.length === answerers.length) allOver.dispatchEvent(new Event('over'));
    });
  });
  const over = once(allOver, 'over');
  const voicemail = { enabled: true, mode: 'message', text: MESSAGE };
  const agent = await post(server, 'agents', {
    name: 'Caller',
    system_prompt: 'Be brief.',
    starting_message: 'Hello.',
    voicemail,
  });
  for (const index of answerers.keys()) {
    const to_number = `+15550100${String(index).padStart(3, '0')}`;
    await post(server, 'tasks', { agent_id: agent, name: 'Eval', to_number, scheduled_at: '2020-01-01T00:00:00Z' });
  }
  await over;
  // The server finishes its record after the BYE.
  await passed(2);
  const records = new Map((await server.calls({ details: true })).map((call) => [call.sip_call_id, call]));
  return outcomes.map((each) => ({ ...each, call: records.get(each.sipCallId) as AnsweredCall | undefined }));
}

/** Resolves with how long the agent was heard after the beep, from its first sound to its last. */
async function answer(phone: Phone, invite: IncomingInvite, { sound, beepEndSample, verdict }: Answerer): Promise<number> {
  const session = phone.media.open();
  try {
    const dialog = await invite.answer(session.local, (agreement) => session.configure(agreement));
    const line = new LineRecord(session);
    const state = { isOver: false };
    dialog.onEnded(() => {
      state.isOver = true;
    });
    const beganMs = systemClock.monotonicMs();
    session.playout.write(sound, RATE_HZ);
    const patienceMs = (sound.length * 1000) / RATE_HZ + (verdict === 'human' ? LISTENS_MS : 20_000);
    while (!state.isOver && systemClock.monotonicMs() - beganMs < patienceMs) {
      await passed(0.2);
      line.take();
    }
    if (!state.isOver) await dialog.hangup();
    const afterBeepMs = beganMs + (beepEndSample * 1000) / RATE_HZ;
    const from = Math.max(
      0,
      line.arrivalsMs.findIndex((atMs) => atMs >= afterBeepMs),
    );
    return audibleMs(line.samples().subarray(from * FRAME_SAMPLES));
  } finally {
    await session.close();
  }
}

function audibleMs(pcm: Int16Array): number {
  const frames = Array.from({ length: Math.floor(pcm.length / FRAME_SAMPLES) }, (_, i) =>
    rms(pcm.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES)),
  );
  const isAudible = (level: number): boolean => level >= AUDIBLE_RMS;
  return (frames.findLastIndex(isAudible) - frames.findIndex(isAudible) + 1) * 20;
}

/** How long the message is, as the agent's voice says it. */
async function lengthMs(phone: Phone): Promise<number> {
  const parts: Int16Array[] = [];
  const request = { text: MESSAGE, language: 'en-US', voiceSettings: {}, signal: new AbortController().signal };
  for await (const { pcm, rateHz } of phone.tts.synthesize(request)) {
    if (rateHz !== RATE_HZ) throw new Error(`the voice speaks at ${rateHz} Hz`);
    parts.push(pcm);
  }
  return audibleMs(joined(parts));
}

function figuresOf(outcomes: readonly Outcome[], messageMs: number): Figure[] {
  const of = (verdict: Answerer['verdict']): Outcome[] => outcomes.filter(({ answerer }) => answerer.verdict === verdict);
  const right = ({ answerer, call }: Outcome): boolean => call?.answered_by?.verdict === answerer.verdict;
  const share = (figure: string, all: readonly Outcome[], is: (outcome: Outcome) => boolean, aim: string): Figure => ({
    eval: 'machines',
    figure,
    n: all.length,
    value: (100 * all.filter(is).length) / all.length,
    unit: '%',
    aim,
  });
  const times = outcomes.filter(right).map(({ call }) => call?.answered_by?.after_ms ?? Number.NaN);
  const whole = (outcome: Outcome): boolean => Math.abs(outcome.messageMs - messageMs) <= 100;
  const time = (name: string, at: number, aim?: string): Figure => ({
    eval: 'machines',
    figure: `answer to verdict, ${name}`,
    n: times.length,
    value: quantile(times, at),
    unit: 'ms',
    ...(aim !== undefined && { aim }),
  });
  return [
    share('people told for people', of('human'), right, '100'),
    share('machines told for machines', of('machine'), right, '>= 95'),
    share('message heard whole after the beep', of('machine'), whole, '100'),
    time('p50', 0.5),
    time('p95', 0.95, '<= 3500'),
  ];
}

async function post(server: ServerProcess, what: string, body: object): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${what}: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { data: { id: string } }).data.id;
}
