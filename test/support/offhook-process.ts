import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { systemClock } from '../../src/core/clock.js';
import { NEVER_OVERLOADED, TEST_KEY } from './server.js';

/** How long a child may take for anything: it starts threads and models on a machine that may be busy. */
const PATIENCE_MS = 90_000;

export type OffhookOptions = {
  /** What follows `offhook` on the command line. */
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Becomes the file in OFFHOOK_CONFIG. */
  config?: object;
  /** A data directory that outlives the process; without it, one is made and removed. */
  dataDir?: string;
  /** Runs through this shell command, in which `"$@"` stands for ours: for limits of the system. */
  shell?: string;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A directory that is removed with the test. */
export function temporaryDirectory(t: { teardown(task: () => void): void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'offhook-e2e-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Waits until `look` gives something, looking again after each change of what the process has printed, and every 20 ms. */
export async function eventually<T>(
  look: () => Promise<T | undefined> | T | undefined,
  what: string,
  limitMs = PATIENCE_MS,
): Promise<T> {
  const endMs = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.monotonicMs() > endMs) throw new Error(`gave up waiting: ${what}`);
    await new Promise<void>((resolve) => void systemClock.schedule(20, resolve));
  }
}

/** The command `offhook` as a process of its own. What is not ended by the test is killed with it. */
export class OffhookProcess {
  readonly dataDir: string;
  /** Resolves when it has ended and everything it printed was read. */
  readonly exited: Promise<Exit>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  #exit: Exit | undefined;

  private constructor(child: ChildProcess, dataDir: string) {
    this.#child = child;
    this.dataDir = dataDir;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => {
        this.#exit = { code, signal };
        done(this.#exit);
      });
    });
  }

  static spawn(t: { teardown(task: () => Promise<void> | void): void }, options: OffhookOptions = {}): OffhookProcess {
    const home = mkdtempSync(join(tmpdir(), 'offhook-e2e-'));
    const dataDir = options.dataDir ?? join(home, 'data');
    // The test runner loads itself into every child through NODE_OPTIONS, with signal handlers of its own; `env` takes that out again.
    const node = ['env', '-u', 'NODE_OPTIONS', process.execPath];
    const command = [...node, resolve('src/offhook.mjs'), ...(options.args ?? ['start'])];
    const [program = '', ...args] = options.shell ? ['bash', '-c', options.shell, 'bash', ...command] : command;
    const file = join(home, 'config.yaml');
    writeFileSync(file, stringify({ overload: NEVER_OVERLOADED, ...options.config }, { aliasDuplicateObjects: false }));
    const env = { ...cleanEnvironment(), ...environmentOf(dataDir), OFFHOOK_CONFIG: file, ...options.env };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const started = new OffhookProcess(child, dataDir);
    t.teardown(async () => {
      child.kill('SIGKILL');
      await started.exited;
      rmSync(home, { recursive: true, force: true });
    });
    return started;
  }

  /** Starts the server and waits for its ready line. */
  static async start(
    t: { teardown(task: () => Promise<void> | void): void },
    options: OffhookOptions = {},
  ): Promise<OffhookProcess> {
    const started = OffhookProcess.spawn(t, options);
    await eventually(() => {
      if (started.#exit)
        throw new Error(`ended with ${started.#exit.code ?? started.#exit.signal} before it was ready:\n${started.stderr}`);
      return started.readyLine;
    }, 'the ready line');
    return started;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasExited(): boolean {
    return this.#exit !== undefined;
  }

  /** `host` as it stands in a URI. */
  get readyLine(): { host: string; sipPort: number; httpPort: number } | undefined {
    const match = /^offhook ready sip=(\S+):(\d+) http=\1:(\d+)$/m.exec(this.stdout);
    return match ? { host: match[1] ?? '', sipPort: Number(match[2]), httpPort: Number(match[3]) } : undefined;
  }

  get #origin(): string {
    return `http://${this.readyLine?.host}:${this.readyLine?.httpPort}`;
  }

  get sipPort(): number {
    return this.readyLine?.sipPort ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit, with a limit: a process that hangs must not look like one that takes its time. */
  async ended(limitMs = PATIENCE_MS): Promise<Exit> {
    return await eventually(() => this.#exit, `the end of ${this.#child.spawnargs.slice(-2).join(' ')}`, limitMs);
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.#origin}${path}`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
  }

  /** Of the native dialect, with the bootstrap key. */
  post(path: string, body: object = {}): Promise<Response> {
    return fetch(`${this.#origin}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  /** The `data` of a core dialect answer. */
  async data<T>(path: string): Promise<T> {
    return ((await (await this.get(`/api/v1${path}`)).json()) as { data: T }).data;
  }

  /** The log, line by line, as far as it is whole. */
  get log(): LogLine[] {
    return this.stderr
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  }
}

/** pino's levels: 40 warns, 50 is an error. */
export type LogLine = { level: number; msg: string } & Record<string, unknown>;

export type CallResource = {
  id: string;
  status: string;
  result: string | null;
  end_reason: string | null;
  sip_code: number | null;
  recording_available: boolean;
  media_stats: Record<string, number> | null;
  provider_usage: { stage: string; requests: number; cost: number | null }[];
  provider_failures: {
    stage: string;
    provider: string;
    reason: string;
    status_code: number | null;
    instead: string | null;
  }[];
};
export type EntryResource = { role: 'agent' | 'user'; message: string; full_message: string; interrupted: boolean };

/** Nothing of the tester's own set-up may change what is tested. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OFFHOOK_(?!NO_APT)|OPENAI_|OTEL_|NODE_V8_COVERAGE|NODE_OPTIONS)/.test(name),
  );
  return Object.fromEntries(kept);
}

const environmentOf = (dataDir: string): Record<string, string> => ({
  OFFHOOK_DATA_DIR: dataDir,
  OFFHOOK_BIND: '127.0.0.1',
  OFFHOOK_SIP_PORT: '0',
  OFFHOOK_HTTP_PORT: '0',
  OFFHOOK_ADMIN_KEY: TEST_KEY,
});
