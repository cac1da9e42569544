// The trial of `npm run bench -- setup`: how fast calls are answered, alone and at a rate, and how soon the agent greets.
import { systemClock } from '../../src/core/clock.js';
import { g711Decode } from '../support/g711.js';
import { RtpPeer } from '../support/rtp-peer.js';
import { startServerProcess } from './server-process.js';
import { type CallTimes, SipCaller } from './sip-caller.js';
import { type Spread, spreadOf } from './statistics.js';

export type SetupParameters = { callsPerSecond: number; seconds: number; greetings: number };
export type SetupResult = {
  callsPerSecond: number;
  /** INVITE -> 200 of `echo`, one call at a time: the baseline. */
  aloneMs: Spread;
  /** The same at `callsPerSecond`, which is held whether or not the server keeps up. */
  loadedMs: Spread;
  failed: number;
  /** `demo`: INVITE -> 180, INVITE -> 200, 200 -> first RTP packet, 200 -> first packet in which the greeting is heard. */
  ringingMs: Spread;
  answeredMs: Spread;
  firstPacketMs: Spread;
  greetingMs: Spread;
};

const WARM_UP_CALLS = 20;
const ALONE_CALLS = 50;
const HOLD_MS = 1000;
/** Speech, not the line: about -50 dBFS. */
const AUDIBLE_PEAK = 100;

const { callsPerSecond, seconds, greetings } = JSON.parse(process.argv[2] ?? '{}') as SetupParameters;
process.stdout.write(`${JSON.stringify(await measure())}\n`);

async function measure(): Promise<SetupResult> {
  const server = await startServerProcess('calls: { maxConcurrent: 500 }\n');
  const caller = await SipCaller.open(server.sipPort);
  const sink = await RtpPeer.open();
  await alone(caller, sink, WARM_UP_CALLS);
  const baseline = await alone(caller, sink, ALONE_CALLS);
  const { answered, failed } = await atRate(caller, sink);
  await sink.close();

  const heard: Greeting[] = [];
  await greeting(caller);
  for (let i = 0; i < greetings; i++) heard.push(await greeting(caller));
  await caller.close();
  await server.stop();
  return {
    callsPerSecond,
    aloneMs: spreadOf(baseline.map(untilAnswered)),
    loadedMs: spreadOf(answered.map(untilAnswered)),
    failed,
    ringingMs: spreadOf(heard.flatMap(({ inviteMs, ringingMs }) => (ringingMs === undefined ? [] : [ringingMs - inviteMs]))),
    answeredMs: spreadOf(heard.map(untilAnswered)),
    firstPacketMs: spreadOf(heard.map(({ firstPacketMs, answeredMs }) => firstPacketMs - answeredMs)),
    greetingMs: spreadOf(heard.map(({ greetingMs, answeredMs }) => greetingMs - answeredMs)),
  };
}

function untilAnswered({ inviteMs, answeredMs }: CallTimes): number {
  return answeredMs - inviteMs;
}

async function alone(caller: SipCaller, sink: RtpPeer, count: number): Promise<CallTimes[]> {
  const calls: CallTimes[] = [];
  for (let i = 0; i < count; i++) {
    const call = await caller.call('echo', sink.port);
    calls.push(call);
    await call.hangUp();
  }
  return calls;
}

/** Places calls by the clock, each held for a second; a slow answer does not slow the next call. */
async function atRate(caller: SipCaller, sink: RtpPeer): Promise<{ answered: CallTimes[]; failed: number }> {
  const answered: CallTimes[] = [];
  let failed = 0;
  const startMs = systemClock.monotonicMs();
  const one = async (): Promise<void> => {
    try {
      const call = await caller.call('echo', sink.port);
      answered.push(call);
      await until(systemClock.monotonicMs() + HOLD_MS);
      await call.hangUp();
    } catch (error) {
      failed += 1;
      process.stderr.write(`${String(error)}\n`);
    }
  };
  const running: Promise<void>[] = [];
  for (let i = 0; i < callsPerSecond * seconds; i++) {
    await until(startMs + (i * 1000) / callsPerSecond);
    running.push(one());
  }
  await Promise.all(running);
  return { answered, failed };
}

type Greeting = CallTimes & { firstPacketMs: number; greetingMs: number };

async function greeting(caller: SipCaller): Promise<Greeting> {
  const rtp = await RtpPeer.open();
  const call = await caller.call('demo', rtp.port);
  const audible = () =>
    rtp.received.find((packet) => g711Decode(packet.payload, 'PCMU').some((sample) => Math.abs(sample) > AUDIBLE_PEAK));
  await rtp.until(() => audible() !== undefined, 'the greeting');
  const firstPacketMs = rtp.received[0]?.arrivalMs ?? Number.NaN;
  const greetingMs = audible()?.arrivalMs ?? Number.NaN;
  await call.hangUp();
  await rtp.close();
  return { ...call, firstPacketMs, greetingMs };
}

function until(monotonicMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.schedule(Math.max(0, monotonicMs - systemClock.monotonicMs()), resolve));
}
