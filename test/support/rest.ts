import { eventually } from './offhook-process.js';
import type { TestServer } from './server.js';

export type CallFacts = {
  id: string;
  status: string;
  direction: string;
  codec: string | null;
  end_reason: string | null;
  ended_by: string | null;
  transfer: { status: string } | null;
  legs: { srtp: string | null; trunk: { name: string } | null; media_peer: string | null }[];
};

/** `data` of the answer of the native API. */
export async function get<T>(server: TestServer, path: string): Promise<T> {
  return ((await (await server.api(`/api/v1${path}`)).json()) as { data: T }).data;
}
export const post = <T>(server: TestServer, path: string, body: object = {}): Promise<T> => send(server, 'POST', path, body);
export const patch = <T>(server: TestServer, path: string, body: object): Promise<T> => send(server, 'PATCH', path, body);

async function send<T>(server: TestServer, method: string, path: string, body: object): Promise<T> {
  const answer = await server.api(`/api/v1${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { data: T }).data;
}

/** Asks for calls, the newest first, until they are as they should be. */
export function callsWhen(server: TestServer, are: (calls: CallFacts[]) => boolean): Promise<CallFacts[]> {
  return eventually(async () => {
    const calls = await get<CallFacts[]>(server, '/calls');
    return are(calls) ? calls : undefined;
  }, 'calls as they should be');
}

/** Calls a number, by a task of an agent made for it, who hangs up at key 9. Returns the id of the call. */
export async function placeCall(server: TestServer, number: string): Promise<string> {
  const agent = { name: 'Caller', system_prompt: 'x', starting_message: 'Hello.' };
  const dtmf_rules = { '9': { say: 'Goodbye.', end_call: true } };
  const { id } = await post<{ id: string }>(server, '/agents', { ...agent, dtmf_rules });
  const task = await post<{ id: string }>(server, '/tasks', { agent_id: id, name: 'Call', to_number: number });
  return (await post<{ call_id: string }>(server, `/tasks/${task.id}/execute`)).call_id;
}
