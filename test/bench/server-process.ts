import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const ADMIN_KEY = 'va_bench_key_of_a_server_on_loopback';
const PAGE = 100;
/** As `offhook start` does, but without looking whether the checkout is ready: the benchmark has seen to that. */
const START = "import('./dist/src/cli.js').then(({ main }) => main(['start']))";

export type ApiTurn = {
  cause: string;
  interrupted: boolean;
  barge_in_ms: number | null;
  latency_ms: { first_packet: number | null; endpoint: number | null; stt_final: number | null };
};
export type ApiTranscriptEntry = { role: 'user' | 'agent'; message: string };
export type ApiCall = {
  id: string;
  sip_call_id: string;
  agent_name: string;
  status: string;
  recording_available: boolean;
  media_stats: Record<string, number> | null;
  turns: ApiTurn[];
  transcript: ApiTranscriptEntry[];
};

export type ServerProcess = {
  /** `within` replaces itself by the server, so this is the server's. */
  pid: number;
  sipPort: number;
  /** Of the HTTP server, without a slash at the end. */
  url: string;
  /** Every call on record, with its turns where `details` asks for them. */
  calls(options: { details: boolean }): Promise<ApiCall[]>;
  /** Over the API. */
  createTask(task: object): Promise<void>;
  /** One series of `/metrics`. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
};

export type ServerOptions = {
  env?: Record<string, string>;
  prepare?: (dataDir: string) => Promise<void>;
  /** A command that runs another with less than we have ourselves: one core, say. */
  within?: readonly string[];
  /** CommonJS that the server's main thread runs first. */
  script?: string;
};

/**
 * The server as users run it: a process of its own, on loopback and free ports, with a data directory that goes when it stops.
 * `prepare` fills that directory before the server starts.
 */
export async function startServerProcess(configYaml: string, options: ServerOptions = {}): Promise<ServerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'offhook-bench-'));
  const configFile = join(dataDir, 'bench.yaml');
  // What is measured is what the server can do, not where it stops to take calls.
  await writeFile(configFile, `overload: { shed: false }\n${configYaml}`);
  await options.prepare?.(join(dataDir, 'data'));
  const script = `${options.script ?? ''}\n${START}`;
  const child = spawn('env', [...(options.within ?? []), process.execPath, '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      OFFHOOK_CONFIG: configFile,
      OFFHOOK_DATA_DIR: join(dataDir, 'data'),
      OFFHOOK_BIND: '127.0.0.1',
      OFFHOOK_SIP_PORT: '0',
      OFFHOOK_HTTP_PORT: '0',
      OFFHOOK_LOG_LEVEL: 'error',
      OFFHOOK_ADMIN_KEY: ADMIN_KEY,
      ...options.env,
    },
  });
  const exited = once(child, 'exit');
  // A trial that fails must not leave a server behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  };
  const { sipPort, httpPort } = await Promise.race([
    readyLine(child.stdout),
    exited.then(async () => {
      await rm(dataDir, { recursive: true, force: true });
      throw new Error('the server ended before it was ready');
    }),
  ]);
  return {
    pid: child.pid ?? 0,
    sipPort,
    url: `http://127.0.0.1:${httpPort}`,
    calls: (options) => listCalls(httpPort, options.details),
    createTask: (task) => createTask(httpPort, task),
    metric: (name) => readMetric(httpPort, name),
    stop,
  };
}

async function readyLine(output: NodeJS.ReadableStream): Promise<{ sipPort: number; httpPort: number }> {
  const lines = createInterface({ input: output });
  return await new Promise((resolve) => {
    lines.on('line', (line) => {
      const match = /^offhook ready sip=\S+:(\d+) http=\S+:(\d+)$/.exec(line);
      if (match) resolve({ sipPort: Number(match[1]), httpPort: Number(match[2]) });
      else process.stderr.write(`${line}\n`);
    });
  });
}

async function readMetric(httpPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  const line = text.split('\n').find((series) => series.startsWith(`${name} `));
  if (line === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(line.slice(name.length));
}

async function createTask(httpPort: number, task: object): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/tasks`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(task),
  });
  if (!response.ok) throw new Error(`POST tasks: ${response.status}`);
}

async function listCalls(httpPort: number, details: boolean): Promise<ApiCall[]> {
  const get = async (path: string): Promise<{ data: unknown; meta: { total: number } }> => {
    const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/calls${path}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    if (!response.ok) throw new Error(`GET calls${path}: ${response.status}`);
    return (await response.json()) as { data: unknown; meta: { total: number } };
  };
  const calls: ApiCall[] = [];
  for (let total = 1; calls.length < total; ) {
    const page = await get(`?limit=${PAGE}&offset=${calls.length}`);
    total = page.meta.total;
    const items = page.data as ApiCall[];
    if (items.length === 0) break;
    for (const item of items) calls.push(details ? ((await get(`/${item.id}`)).data as ApiCall) : item);
  }
  return calls;
}
