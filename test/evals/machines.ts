import { once } from 'node:events';
import { systemClock } from '../../src/core/clock.js';
import type { IncomingInvite } from '../../src/domain/ports/telephony.js';
import { startUserAgent } from '../../src/user-agent.js';
import { joined } from '../bench/caller-speech.js';
import { FRAME_SAMPLES, LineRecord } from '../bench/line-record.js';
import { passed } from '../bench/passed.js';
import { ADMIN_KEY, type ApiCall, type ServerProcess, startServerProcess } from '../bench/server-process.js';
import { quantile } from '../bench/statistics.js';
import { rms } from '../support/signal.js';
import { type Answerer, labelledAnswerers, othersWhoAnswer } from './answerers.js';
import type { Figure } from './suites.js';

type Phone = Awaited<ReturnType<typeof startUserAgent>>;
type AnsweredCall = ApiCall & { answered_by: { verdict: string; reason: string; after_ms: number } | null };
type Outcome = { answerer: Answerer; call: AnsweredCall | undefined; messageMs: number };

const RATE_HZ = 16_000;
const MESSAGE = 'Please call us back when you have a minute.';
/** Short of the lines that the telephone has. */
const AT_ONCE = 3;
const LISTENS_MS = 6000;
const AUDIBLE_RMS = 50;

/** Who answers calls, and whether machines are told from people, and get the message whole. */
export async function machines(): Promise<Figure[]> {
  const phone = await startUserAgent({}, { bind: '127.0.0.1', voices: 1 });
  const gatewayUri = `"sip:{number}@127.0.0.1:${phone.ports.sipPort}"`;
  const server = await startServerProcess(
    `outbound: { gatewayUri: ${gatewayUri}, maxConcurrent: ${AT_ONCE}, callsPerSecond: 5 }`,
  );
  try {
    const answerers = [...(await labelledAnswerers(phone.tts)), ...othersWhoAnswer()];
    const outcomes = await callAll(phone, server, answerers);
    for (const { answerer, call } of outcomes) {
      const { verdict, reason, after_ms } = call?.answered_by ?? { verdict: 'none', reason: '', after_ms: 0 };
      process.stderr.write(`${verdict} (${reason}) ${after_ms} | ${answerer.half} ${answerer.verdict} | ${answerer.what}\n`);
    }
    return figuresOf(outcomes, await lengthMs(phone));
  } finally {
    await server.stop();
    await phone.close();
  }
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
async function answer(phone: Phone, invite: IncomingInvite, answerer: Answerer): Promise<number> {
  const { sound, early, beepEndSample = 0, verdict } = answerer;
  const session = phone.media.open();
  const line = new LineRecord(session);
  try {
    if (early) {
      await invite.startEarlyMedia(session.local, (agreement) => session.configure(agreement));
      session.playout.write(early, RATE_HZ);
      for (let s = 0; s < early.length / RATE_HZ; s += 0.2) {
        await passed(0.2);
        line.take();
      }
    }
    const dialog = await invite.answer(session.local, (agreement) => session.configure(agreement));
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
  const of = (...verdicts: Answerer['verdict'][]): Outcome[] =>
    outcomes.filter(({ answerer }) => verdicts.includes(answerer.verdict));
  const right = ({ answerer, call }: Outcome): boolean => call?.answered_by?.verdict === answerer.verdict;
  const share = (figure: string, all: readonly Outcome[], is: (outcome: Outcome) => boolean, aim?: string): Figure => ({
    eval: 'machines',
    figure,
    n: all.length,
    value: (100 * all.filter(is).length) / all.length,
    unit: '%',
    ...(aim !== undefined && { aim }),
  });
  const times = of('human', 'machine')
    .filter(right)
    .map(({ call }) => call?.answered_by?.after_ms ?? Number.NaN);
  const whole = (outcome: Outcome): boolean => Math.abs(outcome.messageMs - messageMs) <= 100;
  const time = (name: string, at: number, aim?: string): Figure => ({
    eval: 'machines',
    figure: `answer to verdict, people and machines, ${name}`,
    n: times.length,
    value: quantile(times, at),
    unit: 'ms',
    ...(aim !== undefined && { aim }),
  });
  const heldOut = (all: readonly Outcome[]): Outcome[] => all.filter(({ answerer }) => answerer.half === 'held out');
  return [
    share('people told for people', of('human'), right, '100'),
    share('people told for people, held out', heldOut(of('human')), right, '100'),
    share('machines told for machines', of('machine'), right, '>= 95'),
    share('machines told for machines, held out', heldOut(of('machine')), right, '>= 95'),
    share('message heard whole after the beep', of('machine'), whole, '100'),
    share('menus not taken for people', of('ivr'), ({ call }) => call?.answered_by?.verdict !== 'human', '100'),
    share('faxes told for faxes', of('fax'), right, '100'),
    share('nobody told for nobody', of('silence'), right, '100'),
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
