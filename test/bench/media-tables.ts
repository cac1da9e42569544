import type { EngineResult } from './engine-trial.js';
import type { LeakResult } from './leak-trial.js';
import type { LoadResult } from './load-trial.js';
import type { Generated } from './rtp-generator.js';
import { markdown } from './tables.js';

/** What counts as keeping up: the last packet in a thousand is not later than this, and none is lost. */
const KEPT_UP_MS = 10;
const LATENESS_HEAD = ['late p50 ms', 'p99', 'p99.9', 'max'];

export function capacityTable(results: readonly LoadResult[]): string {
  const head = [
    'line',
    'calls',
    'CPU',
    'per call',
    'media',
    'recorder',
    'vad',
    'main',
    'others',
    'speech judged',
    'memory/call',
    ...LATENESS_HEAD,
    'lost',
    'generator',
  ];
  const rows = results.map((trial) => [
    trial.line,
    String(trial.calls),
    percent(trial.serverCores),
    `${trial.cpuPerCallPercent.toFixed(3)} %`,
    ...['media', 'recorder', 'vad', 'main', 'others'].map((part) => percent(trial.coresByThread[part] ?? 0)),
    `${trial.vadWindowsPercent.toFixed(1)} %`,
    `${(trial.memoryPerCallBytes / 1024).toFixed(0)} KiB`,
    ...lateness(trial.generated),
    String(lostBy(trial)),
    percent(trial.generatorCores),
  ]);
  const title =
    'Concurrent echo calls, 20 ms, speech both ways, with voice activity detection at 16 kHz, its state machine and stereo recording. ' +
    'CPU in per cent of one core; server pinned to core 0, load generator to core 1; lateness of what comes back, by its timestamps';
  const lines = [...new Set(results.map(({ line }) => line))].map((line) => {
    const kept = results.filter((trial) => trial.line === line && keptUp(trial)).map(({ calls }) => calls);
    return `${line}: ${kept.length === 0 ? 'none of these counts' : `${Math.max(...kept)} calls`}`;
  });
  const summary = `p99.9 of lateness < ${KEPT_UP_MS} ms, no packet lost, 99 % of speech judged, every recording whole, up to: ${lines.join('; ')}`;
  return `${title}\n${markdown(head, rows)}\n\n${summary}`;
}

const keptUp = (trial: LoadResult): boolean =>
  trial.generated.lateP999Ms < KEPT_UP_MS &&
  lostBy(trial) === 0 &&
  trial.vadWindowsPercent >= 99 &&
  trial.recordings === trial.calls &&
  trial.recordedSamplesLost === 0;

const lostBy = ({ generated, packetsLostInServer }: LoadResult): number =>
  generated.missing + generated.unsent + packetsLostInServer;

export function engineTable(results: readonly EngineResult[]): string {
  const rows = results.map((trial) => [
    String(trial.calls),
    percent(trial.cores),
    `${trial.cpuPerCallPercent.toFixed(4)} %`,
    ...lateness(trial.generated),
    String(trial.generated.missing + trial.generated.unsent),
    percent(trial.generatorCores),
  ]);
  const title = 'The engine alone: G.711 echo calls without SIP, detection and recording, RTCP included';
  return `${title}\n${markdown(['calls', 'CPU', 'per call', ...LATENESS_HEAD, 'lost', 'generator'], rows)}`;
}

export function pacingTable(results: readonly LoadResult[]): string {
  const rows = results.map((trial) => [
    String(trial.calls),
    trial.disturbance,
    trial.realtime ? 'yes' : 'no',
    ...spread(
      trial.generated.pacingP50Ms,
      trial.generated.pacingP99Ms,
      trial.generated.pacingP999Ms,
      trial.generated.pacingMaxMs,
    ),
    ...lateness(trial.generated),
    String(lostBy(trial)),
    percent(trial.coresByThread['media'] ?? 0),
    percent(trial.serverCores),
  ]);
  const title =
    'Pacing of G.711 echo calls with recording, all on core 0: how far the time between two packets is from 20 ms, and lateness. ' +
    'JS blocked: 500 ms of every second; checkpoints: 4 MB written and checkpointed five times a second by the main thread; ' +
    'other calls: 100 started and ended per second, by SIPp on the same two cores';
  const head = ['calls', 'beside', 'real-time', 'gap p50 ms', 'p99', 'p99.9', 'max', ...LATENESS_HEAD, 'lost', 'media', 'CPU'];
  return `${title}\n${markdown(head, rows)}`;
}

export function leakTable(results: readonly LeakResult[]): string {
  const rows = results.flatMap(({ through, held }) =>
    held.map(({ calls, residentMiB, heapMiB, files, ports, sessions }) => [
      through,
      String(calls),
      residentMiB.toFixed(1),
      heapMiB.toFixed(1),
      String(files),
      String(ports),
      String(sessions),
    ]),
  );
  const title = 'What short calls leave behind, counted from a warm-up on, after garbage collection';
  return `${title}\n${markdown(['through', 'calls', 'resident MiB', 'heap MiB', 'open files', 'UDP ports', 'sessions'], rows)}`;
}

export function peersTable(results: readonly { ours: EngineResult; theirs: EngineResult }[]): string {
  const rows = results.flatMap(({ ours, theirs }) =>
    [
      { name: 'Offhook', trial: ours },
      { name: 'rtpengine', trial: theirs },
    ].map(({ name, trial }) => [
      `${trial.line} - ${trial.other}`,
      String(trial.calls),
      name,
      percent(trial.cores),
      `${trial.cpuPerCallPercent.toFixed(3)} %`,
      (trial.cores / ours.cores).toFixed(2),
      ...lateness(trial.generated),
      String(trial.generated.missing + trial.generated.unsent),
    ]),
  );
  const title =
    'Two phones connected, CPU of a pair in per cent of one core, beside rtpengine in user space (one thread, pinned to the same core). ' +
    'Of equal codecs rtpengine passes packets on as they are; we decode, put in order, conceal and encode in every case. ' +
    'Between different codecs both transcode: Opus at 16 kHz here, at 48 kHz there';
  return `${title}\n${markdown(['codecs', 'pairs', '', 'CPU', 'per pair', 'ratio', ...LATENESS_HEAD, 'lost'], rows)}`;
}

const percent = (cores: number): string => `${(cores * 100).toFixed(1)} %`;
const lateness = ({ lateP50Ms, lateP99Ms, lateP999Ms, lateMaxMs }: Generated): string[] =>
  spread(lateP50Ms, lateP99Ms, lateP999Ms, lateMaxMs);
const spread = (...valuesMs: number[]): string[] => valuesMs.map((ms) => ms.toFixed(2));
