// One trial of `npm run bench -- capacity` and `-- pacing`: `load-trial.js '{"calls":200,"line":"G.711",…}'`, prints its result as one line
// of JSON. Echo calls with recording, as many as asked for, and what may get in their way.
import { type Line, startDialler } from './dialler.js';
import { type Disturbance, disturb, scriptOf } from './disturbance.js';
import { passed } from './passed.js';
import { coresBetween, residentBytes, sampleCpu } from './process-cpu.js';
import { type Generated, generateRtp } from './rtp-generator.js';
import { startServerProcess } from './server-process.js';
import { rounded } from './statistics.js';

export type LoadParameters = {
  calls: number;
  line: keyof typeof LINES;
  speechFile: string;
  settleS: number;
  windowS: number;
  /** Voice activity detection on every call. */
  detection: boolean;
  disturbance: Disturbance;
  /** False: the media thread gets no real-time priority, as without the privilege. */
  realtime: boolean;
};
export type LoadResult = LoadParameters & {
  /** Of one core; the whole process, kernel time included. */
  serverCores: number;
  coresByThread: Record<string, number>;
  cpuPerCallPercent: number;
  memoryPerCallBytes: number;
  generated: Generated;
  recordings: number;
  recordedSamplesLost: number;
  packetsLostInServer: number;
  /** Windows that detection judged in the measured time, of those there were, and those it gave up. */
  vadWindowsPercent: number;
  vadWindowsDropped: number;
  generatorCores: number;
};

const LINES = {
  'G.711': { codec: 'PCMU', srtp: false },
  SRTP: { codec: 'PCMU', srtp: true },
  Opus: { codec: 'opus', srtp: false },
} satisfies Record<string, Line>;
/** The server's core. The generator has the other. */
const ON_ONE_CORE = ['taskset', '-c', '0'];
const WITHOUT_PRIORITY = ['setpriv', '--bounding-set', '-sys_nice'];
const CONFIG = {
  calls: { maxConcurrent: 1500 },
  media: { capacity: 1024 },
  sip: { admission: { requestsPerSecond: 100_000, requestsPerSecondPerSource: 100_000 } },
};
const WINDOWS_PER_S = 1000 / 32;
/** The generator goes on for a moment, so that the window lies within the load. */
const AFTER_WINDOW_S = 1;

const parameters = JSON.parse(process.argv[2] ?? '{}') as LoadParameters;
process.stdout.write(`${JSON.stringify(await measure(parameters))}\n`);

async function measure(wanted: LoadParameters): Promise<LoadResult> {
  const { calls, line, speechFile, settleS, windowS, detection, disturbance, realtime } = wanted;
  const server = await startServerProcess(configured(detection), {
    within: realtime ? ON_ONE_CORE : [...ON_ONE_CORE, ...WITHOUT_PRIORITY],
    script: scriptOf(disturbance),
  });
  const dialler = await startDialler(LINES[line]);
  const emptyBytes = residentBytes(server.pid);
  const placed = await dialler.place(`sip:echo@127.0.0.1:${server.sipPort}`, calls);

  const seconds = settleS + windowS + AFTER_WINDOW_S;
  const generating = generateRtp(placed, speechFile, seconds);
  const calm = disturb(disturbance, server, seconds);
  await passed(settleS);
  const before = sampleCpu(server.pid);
  const judgedBefore = await server.metric('offhook_vad_windows_total');
  await passed(windowS);
  const judged = (await server.metric('offhook_vad_windows_total')) - judgedBefore;
  const after = sampleCpu(server.pid);
  const { all, ...parts } = coresBetween(server.pid, before, after);
  const vadWindowsDropped = await server.metric('offhook_vad_windows_dropped_total');
  const fullBytes = residentBytes(server.pid);
  const generated = await generating;
  const others = await calm();

  await Promise.all(placed.map(({ dialog }) => dialog.hangup()));
  const records = await endedCalls(server, calls + others);
  await dialler.close();
  await server.stop();
  const elapsedS = Number(after.atNs - before.atNs) / 1e9;

  const total = (name: string): number => records.reduce((sum, { media_stats }) => sum + (media_stats?.[name] ?? 0), 0);
  return {
    ...wanted,
    serverCores: rounded(all, 4),
    coresByThread: Object.fromEntries(Object.entries(parts).map(([part, share]) => [part, rounded(share, 4)])),
    cpuPerCallPercent: rounded((all / calls) * 100, 3),
    memoryPerCallBytes: Math.round((fullBytes - emptyBytes) / calls),
    generated,
    recordings: records.filter((record) => record.recording_available).length,
    recordedSamplesLost: total('recordedSamplesLost'),
    packetsLostInServer: total('packetsLost') + total('packetsLate'),
    vadWindowsPercent: rounded((judged / (calls * WINDOWS_PER_S * elapsedS)) * 100, 1),
    vadWindowsDropped,
    generatorCores: rounded(generated.generatorCpuS / seconds, 3),
  };
}

function configured(detection: boolean): string {
  const { calls, media, sip } = CONFIG;
  const sections = { calls: { ...calls, vadOnBuiltIns: detection }, media, sip };
  return Object.entries(sections)
    .map(([name, section]) => `${name}: ${JSON.stringify(section)}\n`)
    .join('');
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
