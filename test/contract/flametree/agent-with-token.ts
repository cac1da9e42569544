import type { AgentId } from '../../../src/core/ids.js';
import type { HttpHarness } from '../../support/http-harness.js';

export type TokenAgent = {
  id: string;
  token: string;
  /** The document's `{agentRoute}`. */
  route: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: Buffer, type: string): Promise<Response>;
  json(method: string, path: string, body?: object | string): Promise<{ status: number; body: Record<string, unknown> }>;
};

/** An agent, with the token that its client was given. */
export async function agentWithToken(api: HttpHarness, settings: object = {}): Promise<TokenAgent> {
  const draft = { name: 'Flame', system_prompt: 'You help.', starting_message: 'I am Flame.', language: 'en-GB', ...settings };
  const { id } = (await api.call('POST', '/agents', draft)).body.data as { id: string };
  const token = await api.newKey({ dialect: 'flametree', agentId: id as AgentId });
  const path = `/chatbot/${id}`;
  const authorization = `Bearer ${token}`;
  return {
    id,
    token,
    route: `${api.url}${path}`,
    get: (below, headers = {}) => api.raw(`${path}${below}`, { headers: { authorization, ...headers } }),
    post: (below, body, type) =>
      api.raw(`${path}${below}`, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body: new Uint8Array(body),
      }),
    json: async (method, below, body) => {
      const response = await api.raw(`${path}${below}`, {
        method,
        headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}
