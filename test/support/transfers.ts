import { DEFAULT_TENANT } from '../../src/core/ids.js';
import type { TransferRequest } from '../../src/domain/ports/call-control.js';
import type { SpeechCatalog } from '../../src/domain/ports/speech.js';
import type { Transfer } from '../../src/domain/transfer.js';
import { startCalls } from './calls.js';
import { FarEnd } from './far-end.js';
import { rms, sine, toneShare } from './signal.js';
import { until } from './until.js';

type Test = { teardown(task: () => Promise<void> | void): void };

export const TARGET = '+15550199';
export const BLIND: TransferRequest = { target: TARGET, kind: 'blind', method: 'bridge', consent: 'none' };
export const ATTENDED: TransferRequest = { ...BLIND, kind: 'attended' };
/** A briefing of this many milliseconds is a tone. */
export const BRIEFING_HZ = 700;
const BRIEFING_MS = 400;

const voice = {
  name: 'tone',
  synthesize: async function* () {
    yield { pcm: sine(BRIEFING_HZ, BRIEFING_MS, 16_000), rateHz: 16_000 };
  },
};

/** A caller with the demo agent, and a target that has not been called yet. */
export async function talking(t: Test, options: Parameters<typeof startCalls>[1] & { headers?: readonly string[] } = {}) {
  const { headers, ...changes } = options;
  const speech = { suiteFor: () => ({ tts: voice }), warm: async () => {} } as unknown as SpeechCatalog;
  const s = await startCalls(t, { speech, ...changes });
  const caller = await FarEnd.open(s.peer, 'PCMU');
  const target = await FarEnd.open(s.peer, 'PCMA');
  t.teardown(() => Promise.all([caller.rtp.close(), target.rtp.close()]).then(() => {}));
  await caller.call('demo', headers);
  await until(() => s.conversations[0]?.noted.includes('start') ?? false);
  const [record] = (await s.database.calls.list(DEFAULT_TENANT, {}, { limit: 1, offset: 0 })).items;
  if (!record) throw new Error('no record of the call');
  const transferred = async (): Promise<Transfer | undefined> =>
    (await s.database.calls.find(DEFAULT_TENANT, record.id))?.transfer;
  const reaches = (status: Transfer['status']): Promise<void> => until(async () => (await transferred())?.status === status);
  return { s, caller, target, id: record.id, transferred, reaches, noted: () => s.conversations[0]?.noted };
}

const WINDOW_SAMPLES = 400;
const NEWEST_SAMPLES = 4_000;

/** Whether a tone was heard within the newest half second, clear for 50 ms: a machine under load sends no more than pieces of one. */
export function hears(end: FarEnd, hz: number): boolean {
  const newest = end.rtp.heard().slice(-NEWEST_SAMPLES);
  for (let from = 0; from + WINDOW_SAMPLES <= newest.length; from += WINDOW_SAMPLES / 2) {
    const window = newest.slice(from, from + WINDOW_SAMPLES);
    if (rms(window) > 1_000 && toneShare(window, hz, 8_000) > 0.9) return true;
  }
  return false;
}

/** Says a tone until it is told to stop. */
export function saying(end: FarEnd, hz: number): () => Promise<void> {
  const stop = new AbortController();
  const done = (async () => {
    while (!stop.signal.aborted) await end.rtp.play(sine(hz, 100, 8_000), end.mediaPort);
  })();
  return () => {
    stop.abort();
    return done;
  };
}

export async function theyTalk(caller: FarEnd, target: FarEnd, targetHz = 1_000): Promise<void> {
  const [a, b] = [saying(caller, 440), saying(target, targetHz)];
  try {
    await caller.rtp.until(() => hears(caller, targetHz), 'the caller hears the target');
    await target.rtp.until(() => hears(target, 440), 'the target hears the caller');
  } finally {
    await Promise.all([a(), b()]);
  }
}
