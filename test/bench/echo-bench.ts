import type { EchoFigures, EchoParameters, EchoResult } from './echo-trial.js';
import { quantile, rounded } from './statistics.js';
import { markdown } from './tables.js';
import { trial } from './trial.js';

type Case = { name: string; parameters: EchoParameters };

const DELAYS_MS = [20, 60, 120, 250, 400];
const ROOM: EchoParameters['path'] = { roomMs: 40 };
const PLAIN: EchoParameters = {
  mode: 'auto',
  delaysMs: DELAYS_MS,
  returnLossesDb: [6, 10, 15, 20, 25, 30, 35, 40, 45, 50],
  seconds: 60,
  path: ROOM,
};
const HARD: EchoParameters = { ...PLAIN, returnLossesDb: [10, 25], delaysMs: [60, 250] };

const CASES: readonly Case[] = [
  { name: 'without', parameters: { ...PLAIN, mode: 'off', delaysMs: [120], returnLossesDb: [6, 20, 35, 50] } },
  { name: 'auto', parameters: PLAIN },
  { name: 'clock 300 ppm off', parameters: { ...HARD, path: { ...ROOM, driftPpm: 300 } } },
  { name: 'delay jumps to 180 ms', parameters: { ...HARD, path: { ...ROOM, jump: { atMs: 15_000, delayMs: 180 } } } },
  { name: 'loudspeaker distorts', parameters: { ...HARD, path: { ...ROOM, distorts: true } } },
  { name: 'room of 100 ms', parameters: { ...HARD, path: { roomMs: 100 } } },
  { name: 'noise at -45 dBFS', parameters: { ...HARD, path: { ...ROOM, noiseDbfs: -45 } } },
];

/** False alarms by the agent's own echo, and callers who speak over it, at many losses and delays. */
export async function benchEcho() {
  const result: { name: string; result: EchoResult }[] = [];
  for (const { name, parameters } of CASES) result.push({ name, result: await trial<EchoResult>('echo', parameters) });
  const head = [
    '',
    'loss dB',
    'onsets/min',
    'pauses/min',
    'cuts/min',
    'spoken over',
    'missed',
    'p50 ms',
    'p95 ms',
    'CPU of a core',
  ];
  const rows = result.flatMap(({ name, result: { figures, cpuPercent } }) =>
    figures.map((row) => [name, ...rowOf(row), `${cpuPercent} %`]),
  );
  const auto = result.filter(({ name }) => name === 'auto').flatMap(({ result: { figures } }) => figures);
  return { result, table: `${markdown(head, rows)}\nauto, mean of all losses: ${overall(auto)}` };
}

const rowOf = (row: EchoFigures): string[] => [
  String(row.returnLossDb),
  row.onsetsPerMinute.toFixed(2),
  row.pausesPerMinute.toFixed(2),
  row.cutsPerMinute.toFixed(2),
  String(row.doubleTalks),
  `${row.missedPercent} %`,
  String(row.reactionP50Ms),
  String(row.reactionP95Ms),
];

function overall(rows: readonly EchoFigures[]): string {
  const mean = (of: (row: EchoFigures) => number): number => rounded(rows.reduce((sum, row) => sum + of(row), 0) / rows.length);
  const cuts = mean((row) => row.cutsPerMinute);
  const missed = mean((row) => row.missedPercent);
  return `${cuts} cuts/min, ${missed} % missed, p95 of the worst loss ${quantile(
    rows.map((row) => row.reactionP95Ms),
    1,
  )} ms`;
}
