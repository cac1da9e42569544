import t from 'tap';
import { startHarness } from '../../support/http-harness.js';

const SQL = "'; DROP TABLE calls; --";
const HUGE = 'x'.repeat(500_000);

void t.test('bad fields are refused by name, and nothing is made or changed', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { name: SQL, system_prompt: 'x' })).body;
  t.equal(agent.name, SQL, 'text that looks like SQL is text');
  const draft = { agent_id: agent.id, name: SQL, to_number: '+442071234567' };
  const { data: task } = (await api.call('POST', '/tasks', draft)).body;
  const rows: [string, string, unknown, string][] = [
    ['POST', '/agents', { system_prompt: 'x' }, 'name'],
    ['POST', '/agents', { name: {}, system_prompt: 'x' }, 'name'],
    ['POST', '/agents', { name: HUGE, system_prompt: 'x' }, 'name'],
    ['POST', '/agents', { name: 'x', system_prompt: 'x', surprise: 1 }, 'surprise'],
    ['POST', '/agents', [], 'body'],
    ['POST', '/agents', null, 'body'],
    ['PATCH', `/agents/${agent.id}`, { name: 'new', enabled: 'yes' }, 'enabled'],
    ['PATCH', `/agents/${agent.id}`, { name: 'new', surprise: 1 }, 'surprise'],
    ['POST', '/tasks', { ...draft, to_number: SQL }, 'to_number'],
    ['POST', '/tasks', { ...draft, agent_id: SQL }, 'agent_id'],
    ['POST', '/tasks', { ...draft, priority: 1e99 }, 'priority'],
    ['POST', '/tasks', { ...draft, scheduled_at: 'soon' }, 'scheduled_at'],
    ['PATCH', `/tasks/${task.id}`, { name: 'new', to_number: '12' }, 'to_number'],
    ['PATCH', `/tasks/${task.id}`, { name: 'new', webhook_url: 'http://x' }, 'webhook_url'],
  ];
  for (const [method, path, body, field] of rows) {
    const { status, body: answer } = await api.call(method, path, body);
    const what = `${method} ${path} ${field}`;
    t.equal(status, 400, what);
    if (body !== null) t.match(answer.details.fields, [{ field }], what);
  }
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data, agent);
  t.match((await api.call('GET', `/tasks/${task.id}`)).body.data, task);
  for (const list of ['agents', 'tasks']) t.equal((await api.call('GET', `/${list}`)).body.meta.total, 1, list);
});

void t.test('absurd pages and ids have their answer on every list and resource', async (t) => {
  const api = await startHarness(t);
  for (const list of ['agents', 'tasks', 'calls']) {
    for (const query of ['limit=-1', 'limit=0', 'limit=101', 'limit=1e9', 'limit=', 'offset=-1', 'offset=NaN', 'offset=1.5']) {
      const { status, body } = await api.call('GET', `/${list}?${query}`);
      t.equal(status, 400, `${list}?${query}`);
      t.match(body.details.fields, [{ field: query.split('=')[0] }]);
    }
    t.match((await api.call('GET', `/${list}?offset=1000000`)).body, { data: [], meta: { total: 0 } });
    for (const id of [encodeURIComponent(SQL), '%00', '-1', 'null', 'a'.repeat(4000)]) {
      t.equal((await api.call('GET', `/${list}/${id}`)).status, 404, `${list}/${id.slice(0, 20)}`);
    }
  }
});

void t.test('bodies that are no JSON, no UTF-8 or too deep are refused before anything is looked at', async (t) => {
  const api = await startHarness(t);
  const send = (body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    api.raw('/api/v1/agents', {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
      body,
    });
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  for (const body of ['{', '{"name": "x",}', 'true', deep, Uint8Array.of(0x22, 0xff, 0x22)])
    t.equal((await send(body)).status, 400);
  t.equal((await send(JSON.stringify({ name: 'x'.repeat(2_000_000) }))).status, 413);
  t.equal((await api.call('GET', '/agents')).body.meta.total, 0);
});

void t.test('concurrent edits of different fields all take effect, and each is a version', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await api.call('POST', '/agents', { name: 'Desk', system_prompt: 'x' })).body;
  const draft = { agent_id: agent.id, name: 'Call', to_number: '+442071234567' };
  const { data: task } = (await api.call('POST', '/tasks', draft)).body;
  const agentEdits = [{ description: 'd' }, { starting_message: 's' }, { system_prompt: 'p' }];
  const taskEdits = [{ description: 'd' }, { starting_message: 's' }, { priority: 7 }];
  const answers = await Promise.all([
    ...agentEdits.map((edit) => api.call('PATCH', `/agents/${agent.id}`, edit)),
    ...taskEdits.map((edit) => api.call('PATCH', `/tasks/${task.id}`, edit)),
  ]);
  t.same(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200, 200],
  );
  t.match((await api.call('GET', `/agents/${agent.id}`)).body.data, { ...Object.assign({}, ...agentEdits), version: 4 });
  t.match((await api.call('GET', `/tasks/${task.id}`)).body.data, Object.assign({}, ...taskEdits));
});
