import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { type Answer, type HttpHarness, startHarness } from './http-harness.js';

export const NO_PERMISSION = { status: false, msg: "Your account doesn't have the permission to access that page." };

/** The example of the document. */
export const PAYLOAD = {
  workspaceId: 1,
  format: 'outbound',
  name: 'Sales Bot',
  voice: 'alloy',
  phone_number: '+123456789',
  agent_type: 'sales',
  background: 'You are a sales agent.',
  goal: 'Close deals.',
};

export type Callfluent = {
  api: HttpHarness;
  key: string;
  /** Of the other tenant. */
  otherKey: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes an agent. Returns its number. */
  agent(changes?: object): Promise<number>;
};

/** A server with keys of this dialect; paths are below `/api/agent`. */
export async function startCallfluent(
  t: Parameters<typeof startHarness>[0],
  options: Parameters<typeof startHarness>[1] & { otherTenant: Parameters<HttpHarness['newKey']>[1] },
): Promise<Callfluent> {
  const api = await startHarness(t, options);
  const key = await api.newKey({ dialect: 'callfluent' });
  const otherKey = await api.newKey({ dialect: 'callfluent' }, options.otherTenant);
  const call: Callfluent['call'] = async (method, path, body, headers = {}) => {
    const isForm = body instanceof FormData;
    const response = await api.raw(`/api/agent${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const agent = async (changes: object = {}): Promise<number> =>
    ((await call('POST', '/create', { ...PAYLOAD, ...changes })).body as { data: { id: number } }).data.id;
  return { api, key, otherKey, call, agent };
}

/** A command of the document, with nothing but base URL and key replaced. Resolves with the JSON that it prints. */
export async function runCurl(command: string, url: string, key: string): Promise<unknown> {
  const own = command.replaceAll('https://api.callfluent.ai', url).replaceAll('{api_key}', key);
  const child = spawn('sh', ['-c', `${own} --silent --show-error`], { stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(await text(child.stdout));
}
