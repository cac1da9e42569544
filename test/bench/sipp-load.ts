import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Spread, spreadOf } from './statistics.js';

export type LoadOptions = { port: number; callsPerSecond: number; calls: number; holdMs: number };
export type LoadResult = {
  successful: number;
  failed: number;
  /** Messages that either end sent again, because an answer came late or not at all. */
  retransmissions: number;
  /** The same by what it was: `BYE` is SIPp's, `200` ours. */
  sentAgain: Readonly<Record<string, number>>;
  tryingMs: Spread;
  answeredMs: Spread;
};

/** Places calls to `echo` at a steady rate with SIPp, over UDP. */
export async function runLoad({ port, callsPerSecond, calls, holdMs }: LoadOptions): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'offhook-load-'));
  try {
    // biome-ignore format: one option and its value a line
    const child = spawn('sipp', [
      `127.0.0.1:${port}`,
      '-sf', resolve('sipp-scenarios/set-up-times.xml'),
      '-s', 'echo',
      '-i', '127.0.0.1',
      '-key', 'audio_port', '40000',
      '-m', String(calls),
      '-r', String(callsPerSecond),
      '-l', String(calls),
      '-d', String(holdMs),
      '-timeout', `${Math.ceil(calls / callsPerSecond + holdMs / 1000) + 40}s`,
      '-trace_stat', '-stf', join(folder, 'statistics.csv'), '-fd', '1',
      '-trace_counts',
      '-trace_rtt', '-rtt_freq', '1',
      '-nostdin',
    ], { cwd: folder, stdio: 'ignore' });
    await once(child, 'close');
    return await resultsIn(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** SIPp's own server, as a measure of what is possible on this machine. Stopped by whoever started it. */
export function startSippServer(port: number): ChildProcess {
  const args = ['-sn', 'uas', '-i', '127.0.0.1', '-p', String(port), '-nostdin'];
  return spawn('sipp', args, { cwd: tmpdir(), stdio: 'ignore' });
}

async function resultsIn(folder: string): Promise<LoadResult> {
  const names = await readdir(folder);
  const read = async (part: string): Promise<string> => {
    const name = names.find((candidate) => candidate.includes(part));
    if (name === undefined) throw new Error(`SIPp wrote no ${part}: ${names.join(' ')}`);
    return readFile(join(folder, name), 'utf8');
  };
  const statistics = lastRow(await read('statistics.csv'));
  const counts = lastRow(await read('counts.csv'));
  // Date_ms;response_time_ms;rtd_no, SIPp's numbers of the times being those of the scenario.
  const times = (await read('rtt.csv'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(';'));
  const timesOf = (number: string): Spread =>
    spreadOf(times.filter(([, , name]) => name?.trim() === number).map(([, ms]) => Number(ms)));
  const sentAgain: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    const message = /^\d+_(\w+)_Retrans$/.exec(name)?.[1];
    if (message !== undefined && Number(count) > 0) sentAgain[message] = (sentAgain[message] ?? 0) + Number(count);
  }
  return {
    successful: Number(statistics['SuccessfulCall(C)']),
    failed: Number(statistics['FailedCall(C)']),
    retransmissions: Object.values(sentAgain).reduce((sum, count) => sum + count, 0),
    sentAgain,
    tryingMs: timesOf('1'),
    answeredMs: timesOf('2'),
  };
}

function lastRow(csv: string): Record<string, string> {
  const lines = csv.trim().split('\n');
  const header = lines[0]?.split(';') ?? [];
  const row = lines.at(-1)?.split(';') ?? [];
  return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
}
