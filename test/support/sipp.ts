import { spawn } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export type SippOptions = {
  /** File name under `sipp-scenarios/` without `.xml`. */
  scenario: string;
  /** Absent: SIPp waits to be called, on `localPort`. */
  target?: { host: string; port: number };
  localPort?: number;
  /** The user part that is called. */
  service?: string;
  /** The port named in the session description; nothing needs to listen there. */
  audioPort?: number;
  /** How long each stage of the call is held. */
  holdMs?: number;
  transport?: 'udp' | 'tcp';
  localAddress?: string;
  calls?: number;
  callsPerSecond?: number;
  concurrent?: number;
  timeoutS?: number;
};

export type SippResult = { messages: string; successful: number; failed: number; elapsedS: number };

/** Runs one SIPp scenario to its end. @throws Error that names the scenario and carries SIPp's own reason. */
export async function runSipp(options: SippOptions): Promise<SippResult> {
  const workDir = await mkdtemp(join(tmpdir(), 'offhook-sipp-'));
  const { scenario, calls = 1, timeoutS = 60 } = options;
  const file = (name: string) => join(workDir, name);
  // biome-ignore format: one option and its value a line
  const args = [
    ...(options.target ? [`${isIPv6(options.target.host) ? `[${options.target.host}]` : options.target.host}:${options.target.port}`] : []),
    ...(options.localPort === undefined ? [] : ['-p', String(options.localPort)]),
    '-sf', resolve('sipp-scenarios', `${scenario}.xml`),
    '-s', options.service ?? 'service',
    '-i', options.localAddress ?? '127.0.0.1',
    '-nostdin',
    '-t', options.transport === 'tcp' ? 't1' : 'u1',
    '-m', String(calls),
    '-r', String(options.callsPerSecond ?? 10),
    '-l', String(options.concurrent ?? calls),
    '-d', String(options.holdMs ?? 500),
    '-key', 'audio_port', String(options.audioPort ?? 40_000),
    '-cid_str', `%u-${scenario}-%p@%s`,
    '-timeout', `${timeoutS}s`, '-timeout_error',
    '-trace_err', '-error_file', file('errors.log'),
    '-trace_stat', '-stf', file('statistics.csv'), '-fd', '1',
  ];
  if (calls <= 10) args.push('-trace_msg', '-message_file', file('messages.log'));
  const started = process.hrtime.bigint();
  const { code, output } = await run('sipp', args, workDir);
  const errors = await readFile(file('errors.log'), 'utf8').catch(() => '');
  if (code !== 0) throw new Error(`sipp exited with ${code} running ${scenario}\n${errors || output.slice(-2000)}`);
  const statistics = lastRow(await readFile(file('statistics.csv'), 'utf8').catch(() => ''));
  return {
    messages: await readFile(file('messages.log'), 'utf8').catch(() => ''),
    successful: Number(statistics['SuccessfulCall(C)'] ?? calls),
    failed: Number(statistics['FailedCall(C)'] ?? 0),
    elapsedS: Number(process.hrtime.bigint() - started) / 1e9,
  };
}

function run(command: string, args: string[], cwd: string): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', fail);
    child.once('close', (code) => done({ code, output }));
  });
}

function lastRow(csv: string): Record<string, string> {
  const lines = csv.trim().split('\n');
  const header = lines[0]?.split(';') ?? [];
  const row = lines.at(-1)?.split(';') ?? [];
  return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
}
