import t, { type Test } from 'tap';
import { startTestServer, type TestServer } from '../support/server.js';
import { SipPeer } from '../support/sip-peer.js';

type Answer = {
  status: number;
  body: { data: Record<string, unknown>; error?: string; details?: { fields: { field: string }[] } };
};

/** A server whose gateway takes INVITEs and never answers, and what its API says. */
async function serverWith(t: Test, outbound: object) {
  const gateway = await SipPeer.udp(9);
  t.teardown(() => gateway.close());
  const gatewayUri = `sip:{number}@127.0.0.1:${gateway.port}`;
  const server: TestServer & { close(): Promise<void> } = await startTestServer({ outbound: { gatewayUri, ...outbound } });
  t.teardown(() => server.close());
  const ask = async (method: string, path: string, body: object = {}): Promise<Answer> => {
    const answer = await server.api(`/api/v1${path}`, { method, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  const agent = await ask('POST', '/agents', { name: 'Desk', system_prompt: 'x' });
  const call = async (to_number: string): Promise<Answer> => {
    const task = await ask('POST', '/tasks', { agent_id: agent.body.data['id'], name: 'Call', to_number });
    return ask('POST', `/tasks/${String(task.body.data['id'])}/execute`);
  };
  return { ask, call };
}

void t.test('calls to dear or foreign numbers, and more of them than may be, are refused in words that say which', async (t) => {
  const { ask, call } = await serverWith(t, { allowedPrefixes: ['+49', '+1', '+88'], callsPerHour: 3 });
  for (const number of ['+33123456789', '+8811234567', '+19001234567']) {
    t.match(await call(number), { status: 403, body: { details: { fields: [{ field: 'to_number' }] } } }, number);
  }
  const limits = { denied_prefixes: ['+49900'], calls_per_day: 2 };
  const set = await ask('PUT', '/tasks/policy', { limits });
  t.match(set, { status: 200, body: { data: { limits, retry: null } } });
  t.equal((await call('+4990012345')).status, 403);
  t.equal((await call('+493012345')).status, 200);
  t.equal((await call('+493012345')).status, 200);
  const beyond = await call('+493012345');
  t.match(beyond, { status: 429, body: { error: /within one day \(2\)/ } });
  t.match(await ask('PUT', '/tasks/policy', {}), { status: 200, body: { data: { limits: null } } });
  t.equal((await call('+493012345')).status, 200);
  t.match(await call('+493012345'), { status: 429, body: { error: /within one hour \(3\)/ } });
  for (const bad of [{ allowed_prefixes: ['49'] }, { allowed_prefixes: [] }, { calls_per_hour: -1 }, { minutes: 1 }]) {
    t.equal((await ask('PUT', '/tasks/policy', { limits: bad })).status, 400, JSON.stringify(bad));
  }
});
