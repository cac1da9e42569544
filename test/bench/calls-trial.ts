// One trial of `npm run bench -- calls`: `calls-trial.js '{"calls":200,"speechFile":"…"}'`, prints its result as one line of JSON.
import { systemClock } from '../../src/core/clock.js';
import { startDialler } from './dialler.js';
import { coresBetween, residentBytes, sampleCpu } from './process-cpu.js';
import { generateRtp } from './rtp-generator.js';
import { startServerProcess } from './server-process.js';
import { rounded } from './statistics.js';

export type CallsParameters = { calls: number; speechFile: string; settleS: number; windowS: number };
export type CallsResult = {
  calls: number;
  /** Of one core; the whole process, kernel time included. */
  serverCores: number;
  coresByThread: Record<string, number>;
  cpuPerCallPercent: number;
  memoryPerCallBytes: number;
  pacingP50Ms: number;
  pacingP99Ms: number;
  pacingP999Ms: number;
  pacingMaxMs: number;
  packetsReturned: number;
  packetsMissing: number;
  recordings: number;
  recordedSamplesLost: number;
  packetsLostInServer: number;
  /** Windows that detection judged in the measured time, of those there were, and those it gave up. */
  vadWindowsPercent: number;
  vadWindowsDropped: number;
  generatorLateMaxMs: number;
  generatorCores: number;
};
const CONFIG = 'calls: { maxConcurrent: 500, vadOnBuiltIns: true }\nmedia: { capacity: 512 }\n';
const WINDOWS_PER_S = 1000 / 32;
/** The generator goes on for a moment, so that the window lies within the load. */
const AFTER_WINDOW_S = 1;

const parameters = JSON.parse(process.argv[2] ?? '{}') as CallsParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure({ calls, speechFile, settleS, windowS }: CallsParameters): Promise<CallsResult> {
  const server = await startServerProcess(CONFIG);
  const dialler = await startDialler();
  const emptyBytes = residentBytes(server.pid);
  const placed = await dialler.place(`sip:echo@127.0.0.1:${server.sipPort}`, calls);

  const seconds = settleS + windowS + AFTER_WINDOW_S;
  const generating = generateRtp(placed, speechFile, seconds);
  await passed(settleS);
  const before = sampleCpu(server.pid);
  const judgedBefore = await server.metric('offhook_vad_windows_total');
  await passed(windowS);
  const judged = (await server.metric('offhook_vad_windows_total')) - judgedBefore;
  const after = sampleCpu(server.pid);
  const cores = coresBetween(server.pid, before, after);
  const vadWindowsDropped = await server.metric('offhook_vad_windows_dropped_total');
  const fullBytes = residentBytes(server.pid);
  const generated = await generating;

  await Promise.all(placed.map(({ dialog }) => dialog.hangup()));
  const records = await endedCalls(server, calls);
  await dialler.close();
  await server.stop();
  const elapsedS = Number(after.atNs - before.atNs) / 1e9;

  const { all, ...parts } = cores;
  const total = (name: string): number => records.reduce((sum, { media_stats }) => sum + (media_stats?.[name] ?? 0), 0);
  return {
    calls,
    serverCores: rounded(all, 4),
    coresByThread: Object.fromEntries(Object.entries(parts).map(([part, share]) => [part, rounded(share, 4)])),
    cpuPerCallPercent: rounded((all / calls) * 100, 3),
    memoryPerCallBytes: Math.round((fullBytes - emptyBytes) / calls),
    pacingP50Ms: generated.pacingP50Ms,
    pacingP99Ms: generated.pacingP99Ms,
    pacingP999Ms: generated.pacingP999Ms,
    pacingMaxMs: generated.pacingMaxMs,
    packetsReturned: generated.received,
    packetsMissing: generated.missing,
    recordings: records.filter((record) => record.recording_available).length,
    recordedSamplesLost: total('recordedSamplesLost'),
    packetsLostInServer: total('packetsLost') + total('packetsLate'),
    vadWindowsPercent: rounded((judged / (calls * WINDOWS_PER_S * elapsedS)) * 100, 1),
    vadWindowsDropped,
    generatorLateMaxMs: generated.generatorLateMaxMs,
    generatorCores: rounded(generated.generatorCpuS / seconds, 3),
  };
}

function passed(seconds: number): Promise<void> {
  return new Promise((resolve) => void systemClock.schedule(seconds * 1000, resolve));
}

/** The record of a call is complete a moment after its BYE was answered. */
async function endedCalls(server: Awaited<ReturnType<typeof startServerProcess>>, count: number) {
  for (let tries = 0; ; tries++) {
    const records = await server.calls({ details: false });
    if (records.filter((record) => record.status === 'completed').length === count) return records;
    if (tries === 20) throw new Error(`only ${records.length} of ${count} calls were completed`);
    await passed(0.5);
  }
}
