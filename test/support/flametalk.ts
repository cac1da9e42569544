import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KeyService } from '../../src/keys/key-service.js';
import { type Answer, type HttpHarness, OTHER_TENANT, startHarness } from './http-harness.js';

const run = promisify(execFile);

export type Flametalk = {
  api: HttpHarness;
  key: string;
  /** Of another organisation. */
  otherKey: string;
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes something, and resolves with its id. */
  make(path: string, body: object): Promise<string>;
};

/** The dialect's server with keys of its own. */
export async function startFlametalk(t: Parameters<typeof startHarness>[0]): Promise<Flametalk> {
  const api = await startHarness(t);
  const key = await api.newKey({ dialect: 'flametalk' });
  const keys = new KeyService({ ...api.database, clock: api.clock });
  const { key: otherKey } = await keys.create(OTHER_TENANT, 'other', { dialect: 'flametalk' });
  const ask: Flametalk['ask'] = async (method, path, body, headers = {}) => {
    const response = await api.raw(`/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const make = async (path: string, body: object): Promise<string> => {
    const { status, body: answer } = await ask('POST', path, body);
    if (status !== 201) throw new Error(`POST ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer.data.id as string;
  };
  return { api, key, otherKey, ask, make };
}

/** Runs an example of the document as it stands there; only the server and the key are put in. Resolves with what it printed. */
async function runExample(command: string, args: readonly string[], { api, key }: Flametalk): Promise<string> {
  const put = (text: string): string => text.replaceAll('https://dev.flametalk.ai', api.url).replaceAll('YOUR_API_KEY', key);
  const { stdout } = await run(command, args.map(put), {
    env: { ...process.env, API_KEY: key, NODE_OPTIONS: '' },
    timeout: 60_000,
  });
  return stdout;
}

export const runShell = async (example: string, flametalk: Flametalk): Promise<Answer['body']> =>
  JSON.parse(await runExample('bash', ['-c', example], flametalk));

/** The example leaves its answer in `response`. */
export const runJavaScript = async (example: string, flametalk: Flametalk): Promise<Answer['body']> => {
  const script = `const { API_KEY } = process.env;\n${example}\nconsole.log(await response.text());`;
  return JSON.parse(await runExample(process.execPath, ['--input-type=module', '-e', script], flametalk));
};

export const runPython = async (example: string, flametalk: Flametalk): Promise<Answer['body']> => {
  const script = `import os\nAPI_KEY = os.environ["API_KEY"]\n${example}\nprint(response.text)`;
  return JSON.parse(await runExample('python3', ['-c', script], flametalk));
};

/** Whether there is a Python with what its example needs. */
export const hasPython = (): Promise<boolean> =>
  run('python3', ['-c', 'import requests']).then(
    () => true,
    () => false,
  );
