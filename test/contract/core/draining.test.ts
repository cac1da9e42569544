import t from 'tap';
import { startHarness } from '../../support/http-harness.js';
import { sampleCall } from '../../support/sample-records.js';

void t.test('a server that drains refuses new work with 503 and Retry-After, and lets all else be done', async (t) => {
  const api = await startHarness(t);
  const agent = await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'x' });
  const id = agent.body.data.id as string;
  const task = await api.call('POST', '/tasks', { agent_id: id, name: 'Call', to_number: '+15550100' });
  const call = sampleCall({ status: 'in_progress' });
  await api.database.calls.insert(call);

  api.setReady(false);
  const created = { agent_id: id, name: 'Call', to_number: '+15550101' };
  const key = { 'idempotency-key': 'order-1' };
  for (const [path, body, headers] of [
    ['/agents', { name: 'Second', system_prompt: 'x' }, {}],
    ['/tasks', created, key],
    [`/tasks/${task.body.data.id}/execute`, undefined, {}],
  ] as const) {
    const refused = await api.call('POST', path, body, headers);
    t.equal(refused.status, 503, path);
    t.match(refused.headers.get('retry-after'), /^\d+$/);
    t.match(refused.body, { success: false, error: 'The server is shutting down' });
  }
  t.equal(api.outbound.requests.length, 0, 'nothing was dialled');
  t.equal((await api.call('GET', '/tasks')).body.data.length, 1, 'nothing was made');
  t.equal((await api.call('PATCH', `/agents/${id}`, { description: 'new' })).status, 200);
  t.equal((await api.call('POST', `/calls/${call.id}/end`)).status, 200, 'a call can be ended');
  t.equal((await api.raw('/api/v1/tasks', { method: 'POST' })).status, 401, 'who asks is settled first');

  api.setReady(true);
  t.equal((await api.call('POST', '/tasks', created, key)).status, 201, 'the same again is done when it can be');
});

void t.test('/readyz of a server that drains is 503 and says when to look again', async (t) => {
  const api = await startHarness(t);
  t.same(await (await api.raw('/readyz')).json(), { status: 'ready' });
  api.setReady(false);
  const answer = await api.raw('/readyz');
  t.equal(answer.status, 503);
  t.match(answer.headers.get('retry-after'), /^\d+$/);
  t.same(await answer.json(), { status: 'draining' });
  t.equal((await api.raw('/healthz')).status, 200, 'it is well none the less');
});
