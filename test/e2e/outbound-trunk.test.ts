import t from 'tap';
import { freePort } from '../support/free-port.js';
import { startKamailio } from '../support/kamailio.js';
import { startTestServer, type TestServer } from '../support/server.js';

const NUMBER = '+49301234567';
const CREDENTIALS = { realm: 'carrier.example', password: 'correct horse' };
const PAUSE_MS = 50;

async function get<T>(server: TestServer, path: string): Promise<T> {
  return ((await (await server.api(`/api/v1${path}`)).json()) as { data: T }).data;
}
async function post<T>(server: TestServer, path: string, body: object = {}): Promise<T> {
  const answer = (await (await server.api(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body) })).json()) as {
    data: T;
  };
  return answer.data;
}
/** Asks until it is as it should be; a test's own time limit ends what never is. */
async function when<T>(ask: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await ask();
    if (is(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

type CallData = { status: string; sip_code: number; direction: string; end_reason: string; legs: { trunk: object }[] };
const pbx = (port: number, username: string, more: object = {}): object => ({
  kind: 'register',
  host: '127.0.0.1',
  port,
  username,
  password: CREDENTIALS.password,
  ...more,
});

void t.test('a task calls over kamailio, which asks who calls, and another server answers', async (t) => {
  const port = await freePort();
  const deadPort = await freePort();
  const kamailio = await startKamailio({ ...CREDENTIALS, algorithm: 'SHA-256', port });
  t.teardown(() => kamailio.stop());
  const callee = await startTestServer({
    trunks: [{ name: 'line', ...pbx(port, NUMBER), inbound: [{ called: NUMBER, agent: 'echo' }] }],
  });
  t.teardown(() => callee.close());
  const rule = (priority: number): object => ({ outbound: [{ prefix: '+49', priority, weight: 1 }] });
  const caller = await startTestServer({
    trunks: [
      { name: 'dead', kind: 'static', host: '127.0.0.1', port: deadPort, transport: 'tcp', ...rule(1) },
      { name: 'pbx', ...pbx(port, 'desk', { identity: { display_name: 'Front Desk' } }), ...rule(2) },
    ],
  });
  t.teardown(() => caller.close());
  for (const server of [callee, caller]) {
    const trunks = await get<{ id: string; kind: string }[]>(server, '/trunks');
    const id = trunks.find(({ kind }) => kind === 'register')?.id ?? '';
    await when(
      () => get<{ state: string }>(server, `/trunks/${id}/status`),
      ({ state }) => state === 'registered',
    );
  }
  const agent = await post<{ id: string }>(caller, '/agents', { name: 'Caller', system_prompt: 'x', starting_message: 'Hello.' });
  const task = await post<{ id: string }>(caller, '/tasks', { agent_id: agent.id, name: 'Call', to_number: NUMBER });
  const { call_id } = await post<{ call_id: string }>(caller, `/tasks/${task.id}/execute`);
  const answered = await when(
    () => get<CallData>(caller, `/calls/${call_id}`),
    ({ status }) => status === 'in_progress',
  );
  t.match(answered.legs, [{ trunk: { name: 'pbx' } }], 'the dead trunk handed it on');
  await when(
    () => get<CallData[]>(callee, '/calls'),
    ([call]) => call?.status === 'in_progress',
  );
  t.match(await get<CallData[]>(callee, '/calls'), [{ direction: 'inbound', legs: [{ trunk: { name: 'line' } }] }]);
  await post(caller, `/calls/${call_id}/end`);
  const [ended] = await when(
    () => get<CallData[]>(callee, '/calls'),
    ([call]) => call?.status === 'completed',
  );
  t.match(ended, { end_reason: 'caller_hangup' }, 'the BYE went through the proxy');
  t.match(await get(caller, `/tasks/${task.id}`), { status: 'completed' });

  const nobody = await post<{ id: string }>(caller, '/tasks', { agent_id: agent.id, name: 'Wrong', to_number: '+49309999999' });
  const wrong = await post<{ call_id: string }>(caller, `/tasks/${nobody.id}/execute`);
  const failed = await when(
    () => get<CallData>(caller, `/calls/${wrong.call_id}`),
    ({ status }) => status === 'failed',
  );
  t.match(failed, { sip_code: 404, end_reason: 'no_such_number', legs: [{ trunk: { name: 'pbx' } }] });
  const abroad = await post<{ id: string }>(caller, '/tasks', { agent_id: agent.id, name: 'Abroad', to_number: '+15550100' });
  t.equal((await caller.api(`/api/v1/tasks/${abroad.id}/execute`, { method: 'POST', body: '{}' })).status, 403);
});
