import { withSpeech } from './caller-speech.js';
import { DISTURBANCES } from './disturbance.js';
import type { EngineParameters, EngineResult } from './engine-trial.js';
import type { LeakParameters, LeakResult } from './leak-trial.js';
import type { LoadParameters, LoadResult } from './load-trial.js';
import { capacityTable, engineTable, leakTable, pacingTable, peersTable } from './media-tables.js';
import { Rtpengine } from './rtpengine.js';
import { trial } from './trial.js';

/** After it each call has used its memory once, and goes on as it will for hours. */
const SETTLED_S = 10;
const CALM = { settleS: SETTLED_S, windowS: 10, disturbance: 'none', realtime: true } as const;
const ALONE = { settleS: SETTLED_S, windowS: 8 } as const;
/** SRTP and Opus are measured at these counts; all of them would take too long. */
const FEWER = { SRTP: [300, 500], Opus: [100, 300] } as const;

export async function benchCapacity(levels: readonly number[]) {
  return await withSpeech(async (speechFile) => {
    const whole: LoadResult[] = [];
    for (const [line, counts] of Object.entries({ 'G.711': levels, ...FEWER })) {
      for (const calls of counts) {
        const parameters = { ...CALM, calls, line, speechFile, detection: true };
        whole.push(await trial<LoadResult>('load', parameters satisfies Omit<LoadParameters, 'line'>));
      }
    }
    const engine: EngineResult[] = [];
    for (const calls of levels) {
      const parameters: EngineParameters = { ...ALONE, calls, line: 'PCMU', speechFile };
      engine.push(await trial<EngineResult>('engine', parameters));
    }
    return { result: { whole, engine }, table: `${capacityTable(whole)}\n\n${engineTable(engine)}` };
  });
}

export async function benchPacing() {
  return await withSpeech(async (speechFile) => {
    const result: LoadResult[] = [];
    const calm = { ...CALM, settleS: 2, line: 'G.711', speechFile, detection: false } as const;
    for (const calls of [100, 500]) {
      for (const disturbance of DISTURBANCES) {
        const parameters: LoadParameters = { ...calm, calls, disturbance };
        result.push(await trial<LoadResult>('load', parameters));
      }
    }
    for (const disturbance of ['none', 'JS blocked'] as const) {
      const parameters: LoadParameters = { ...calm, calls: 500, disturbance, realtime: false };
      result.push(await trial<LoadResult>('load', parameters));
    }
    return { result, table: pacingTable(result) };
  });
}

export async function benchLeak(calls: number) {
  const result: LeakResult[] = [];
  const engine: LeakParameters = { through: 'engine', calls, warmUpCalls: 5000 };
  const sip: LeakParameters = { through: 'SIP', calls: calls / 4, warmUpCalls: 1000 };
  for (const parameters of [engine, sip]) result.push(await trial<LeakResult>('leak', parameters));
  return { result, table: leakTable(result) };
}

export async function benchPeers() {
  if (!Rtpengine.installed()) return { result: [], table: 'rtpengine is not installed, so there is nothing to compare with' };
  return await withSpeech(async (speechFile) => {
    const result: { ours: EngineResult; theirs: EngineResult }[] = [];
    for (const [other, calls] of [
      ['PCMU', 100],
      ['PCMU', 300],
      ['PCMA', 100],
      ['PCMA', 300],
      ['opus', 20],
    ] as const) {
      const parameters: EngineParameters = { ...ALONE, calls, line: 'PCMU', other, speechFile };
      const ours = await trial<EngineResult>('engine', parameters);
      result.push({ ours, theirs: await trial<EngineResult>('peer', parameters) });
    }
    return { result, table: peersTable(result) };
  });
}
