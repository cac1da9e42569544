import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { DEFAULT_TENANT, newAgentId, newTaskId, type TaskId } from '../../../src/core/ids.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

/** The example of the API document, without its placeholder for the agent. */
const EXAMPLE = {
  name: 'Call customer',
  to_number: '+1234567890',
  description: 'Follow up call',
  starting_message: 'Hello, this is a call from our company',
  context_data: { customer_name: 'John Doe', order_id: '12345' },
  priority: 0,
  scheduled_at: null,
  webhook_url: 'https://your-app.com/webhooks',
  webhook_events: ['call_started', 'call_completed'],
};

async function withAgent(t: Parameters<typeof startHarness>[0]) {
  const api = await startHarness(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  return { api, agent, create: (changes: object = {}) => createTask(api, { ...EXAMPLE, agent_id: agent.id, ...changes }) };
}

async function createTask(api: HttpHarness, body: object): Promise<string> {
  const { status, body: answer } = await api.call('POST', '/tasks', body);
  if (status !== 201) throw new Error(`task not created: ${JSON.stringify(answer)}`);
  return answer.data.id;
}

const statusOf = async (api: HttpHarness, id: string): Promise<string> =>
  (await api.call('GET', `/tasks/${id}`)).body.data.status;

/** Executes the task and lets its call end. */
async function executed(api: HttpHarness, id: string, how: 'end' | 'cancel'): Promise<string> {
  const { body } = await api.call('POST', `/tasks/${id}/execute`);
  await api.call('POST', `/calls/${body.data.call_id}/${how}`);
  return body.data.call_id;
}

void t.test('POST /tasks 201: the documented example', async (t) => {
  const { api, agent } = await withAgent(t);
  const { status, body } = await api.call('POST', '/tasks', { ...EXAMPLE, agent_id: agent.id });
  t.equal(status, 201);
  const { id, api_key_id, created_at, updated_at, ...rest } = body.data;
  t.match([id, api_key_id], [/^[0-9a-f-]{36}$/, /^[0-9a-f-]{36}$/]);
  t.match([created_at, updated_at], [/Z$/, /Z$/]);
  const policy = { call_window: null, retry: null, attempts: 0, next_attempt_at: null };
  t.same(rest, { ...EXAMPLE, agent_id: agent.id, status: 'pending', call_id: null, failure_reason: null, ...policy });
});

void t.test('POST /tasks 201: defaults for what may be left out, and times in UTC', async (t) => {
  const { api, agent } = await withAgent(t);
  const minimal = { agent_id: agent.id.toUpperCase(), name: 'x', to_number: '+12' };
  const { body } = await api.call('POST', '/tasks', minimal);
  t.match(body.data, {
    agent_id: agent.id,
    description: null,
    starting_message: null,
    context_data: {},
    priority: 0,
    scheduled_at: null,
    webhook_url: null,
    webhook_events: ['call_started', 'call_completed', 'call_failed'],
  });
  const timed = await api.call('POST', '/tasks', { ...minimal, scheduled_at: '2030-01-01T12:00:00+02:00', priority: -3 });
  t.match(timed.body.data, { scheduled_at: '2030-01-01T10:00:00.000Z', priority: -3 });
});

void t.test('POST /tasks 400: every fault is named', async (t) => {
  const { api, agent } = await withAgent(t);
  const faulty: [object, string][] = [
    ...['1234567890', '+0123456', '+1', '+1234567890123456', '+12 34', '+1234567890\n', '', 12, null, 'sip:x@y;z'].map(
      (number): [object, string] => [{ to_number: number }, 'to_number'],
    ),
    ...['http://a.example/', 'ftp://a.example', 'a.example', '', 7, `https://a.example/${'x'.repeat(3000)}`].map(
      (url): [object, string] => [{ webhook_url: url }, 'webhook_url'],
    ),
    [{ webhook_events: ['call_rang'] }, 'webhook_events.0'],
    [{ webhook_events: 'call_started' }, 'webhook_events'],
    ...[1.5, '1', null, 1e12].map((priority): [object, string] => [{ priority }, 'priority']),
    ...['tomorrow', '2030-01-01', '2030-13-01T00:00:00Z', 1_900_000_000, ''].map((time): [object, string] => [
      { scheduled_at: time },
      'scheduled_at',
    ]),
    [{ context_data: [1] }, 'context_data'],
    [{ context_data: 'x' }, 'context_data'],
    [{ context_data: { long: 'x'.repeat(70_000) } }, 'context_data'],
    [{ agent_id: 'x' }, 'agent_id'],
    [{ name: ' ' }, 'name'],
    [{ name: undefined }, 'name'],
    [{ status: 'completed' }, 'status'],
  ];
  for (const [change, field] of faulty) {
    const { status, body } = await api.call('POST', '/tasks', { ...EXAMPLE, agent_id: agent.id, ...change });
    t.equal(status, 400, JSON.stringify(change).slice(0, 60));
    t.match(body.details?.fields, [{ field }], field);
  }
  t.equal((await api.call('GET', '/tasks')).body.meta.total, 0);
});

void t.test("POST /tasks 404: an agent that is not there, is deleted, or is another tenant's", async (t) => {
  const { api, agent } = await withAgent(t);
  const theirs = sampleAgent({ tenantId: OTHER_TENANT });
  await api.database.agents.insert(theirs);
  await api.call('DELETE', `/agents/${agent.id}`);
  for (const id of [newAgentId(), theirs.id, agent.id]) {
    const { status, body } = await api.call('POST', '/tasks', { ...EXAMPLE, agent_id: id });
    t.equal(status, 404);
    t.match(body, { success: false, error: 'Agent not found' });
  }
});

void t.test('GET /tasks 200: newest first, by agent and status, in pages', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const other = sampleAgent();
  await api.database.agents.insert(other);
  const ids = [await create(), await create({ agent_id: other.id }), await create()];
  await executed(api, ids[0] ?? '', 'end');
  const all = await api.call('GET', '/tasks');
  t.equal(all.status, 200);
  t.same(
    all.body.data.map((task: { id: string }) => task.id),
    ids.toReversed(),
  );
  t.match(all.body.meta, { total: 3, limit: 50, offset: 0 });
  t.match((await api.call('GET', `/tasks?agent_id=${other.id.toUpperCase()}`)).body.data, [{ id: ids[1] }]);
  t.match((await api.call('GET', `/tasks?agent_id=${agent.id}&status=completed`)).body, {
    data: [{ id: ids[0] }],
    meta: { total: 1 },
  });
  t.match((await api.call('GET', '/tasks?limit=1&offset=2')).body.data, [{ id: ids[0] }]);
  for (const query of ['status=done', 'agent_id=x', 'limit=101', 'offset=-1']) {
    t.equal((await api.call('GET', `/tasks?${query}`)).status, 400, query);
  }
});

void t.test('GET /tasks/:id 200: the task including agent information', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const { status, body } = await api.call('GET', `/tasks/${await create()}`);
  t.equal(status, 200);
  t.match(body.data, { ...EXAMPLE, agent_id: agent.id, agent: { id: agent.id, name: agent.name, system_prompt: String } });
});

void t.test('PATCH /tasks/:id 200: the documented fields of a pending task, and null clears', async (t) => {
  const { api, create } = await withAgent(t);
  const id = await create();
  const patch = {
    name: 'Call again',
    description: 'Second try',
    to_number: '+442071234567',
    starting_message: 'Hello again',
    context_data: { a: { b: 1 } },
    priority: 9,
    scheduled_at: '2030-01-01T10:00:00.000Z',
    webhook_url: 'https://other.example/hook',
    webhook_events: ['call_failed'],
  };
  const { status, body } = await api.call('PATCH', `/tasks/${id}`, patch);
  t.equal(status, 200);
  t.match(body.data, patch);
  const cleared = { description: null, starting_message: null, scheduled_at: null, webhook_url: null };
  t.match((await api.call('PATCH', `/tasks/${id}`, cleared)).body.data, { ...patch, ...cleared });
  t.equal((await api.call('PATCH', `/tasks/${id}`, {})).status, 200, 'nothing changes');
  for (const [wrong, field] of [
    [{ agent_id: newAgentId() }, 'agent_id'],
    [{ to_number: '123' }, 'to_number'],
    [{ status: 'completed' }, 'status'],
    [{ name: null }, 'name'],
  ] as const) {
    const refused = await api.call('PATCH', `/tasks/${id}`, wrong);
    t.equal(refused.status, 400);
    t.match(refused.body.details.fields, [{ field }]);
  }
});

void t.test('PATCH /tasks/:id 409: in progress, completed or failed', async (t) => {
  const { api, create } = await withAgent(t);
  const [running, done, failed] = [await create(), await create(), await create()];
  await api.call('POST', `/tasks/${running}/execute`);
  await executed(api, done, 'end');
  await executed(api, failed, 'cancel');
  for (const [id, status] of [
    [running, 'in_progress'],
    [done, 'completed'],
    [failed, 'failed'],
  ] as const) {
    const refused = await api.call('PATCH', `/tasks/${id}`, { name: 'late' });
    t.equal(refused.status, 409, status);
    t.match(refused.body, { success: false, error: new RegExp(status) });
    t.match((await api.call('GET', `/tasks/${id}`)).body.data, { name: EXAMPLE.name, status });
  }
});

void t.test('DELETE /tasks/:id 200 for pending and failed tasks, 409 for the others; its calls stay', async (t) => {
  const { api, create } = await withAgent(t);
  const [pending, failed, running, done] = [await create(), await create(), await create(), await create()];
  const callId = await executed(api, failed, 'cancel');
  await api.call('POST', `/tasks/${running}/execute`);
  await executed(api, done, 'end');
  for (const id of [pending, failed]) {
    t.match((await api.call('DELETE', `/tasks/${id}`)).body, { success: true, data: { id, deleted: true } });
    t.equal((await api.call('DELETE', `/tasks/${id}`)).status, 404);
  }
  for (const id of [running, done]) t.equal((await api.call('DELETE', `/tasks/${id}`)).status, 409);
  t.match((await api.call('GET', `/calls/${callId}`)).body.data, { id: callId, task_id: failed });
});

void t.test('POST /tasks/:id/execute 200: a call is initiated, and the task follows it', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const id = await create();
  const { status, body } = await api.call('POST', `/tasks/${id}/execute`);
  t.equal(status, 200);
  t.same(Object.keys(body.data), ['call_id', 'message']);
  t.equal(body.data.message, 'Call initiated');
  const callId = body.data.call_id;
  t.match(api.outbound.requests, [
    {
      agent: { id: agent.id },
      number: '+1234567890',
      startingMessage: EXAMPLE.starting_message,
      contextData: EXAMPLE.context_data,
      taskId: id,
    },
  ]);
  t.match((await api.call('GET', `/calls/${callId}`)).body.data, { task_id: id, direction: 'outbound', status: 'initiated' });
  t.match((await api.call('GET', `/calls?task_id=${id.toUpperCase()}`)).body, { data: [{ id: callId }], meta: { total: 1 } });
  t.match((await api.call('GET', `/tasks/${id}`)).body.data, { status: 'in_progress', call_id: callId });
  await api.call('POST', `/calls/${callId}/end`);
  t.match((await api.call('GET', `/tasks/${id}`)).body.data, { status: 'completed', call_id: callId, failure_reason: null });
  const failing = await create();
  await executed(api, failing, 'cancel');
  t.match((await api.call('GET', `/tasks/${failing}`)).body.data, { status: 'failed', failure_reason: 'cancelled' });
});

void t.test('POST /tasks/:id/execute 409: not pending, or its agent is disabled; two at once make one call', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const id = await create();
  const answers = await Promise.all([1, 2, 3].map(() => api.call('POST', `/tasks/${id}/execute`)));
  t.same(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [200, 409, 409],
  );
  t.equal((await api.call('GET', `/calls?task_id=${id}`)).body.meta.total, 1);
  const asleep = await create();
  await api.call('PATCH', `/agents/${agent.id}`, { enabled: false });
  t.match(await api.call('POST', `/tasks/${asleep}/execute`), { status: 409, body: { error: /disabled/ } });
  t.equal(await statusOf(api, asleep), 'pending');
});

void t.test(
  'POST /tasks/:id/execute 503 and 403: no gateway, no room, a number that may not be called; the task stays pending',
  async (t) => {
    const { api, create } = await withAgent(t);
    const id = await create();
    for (const [code, status, error] of [
      ['outbound_not_configured', 503, /outbound\.gatewayUri/],
      ['capacity_exhausted', 503, /capacity/],
      ['draining', 503, /shutting down/],
      ['forbidden', 403, /permissions/],
    ] as const) {
      api.outbound.refuseWith = new AppError(code, code);
      const refused = await api.call('POST', `/tasks/${id}/execute`);
      t.equal(refused.status, status, code);
      t.match(refused.body, { success: false, error });
      t.equal(await statusOf(api, id), 'pending');
    }
    t.equal((await api.call('GET', '/calls')).body.meta.total, 0);
  },
);

void t.test(
  'POST /tasks/:id/reset 200: completed, failed and in progress become pending and can be executed again',
  async (t) => {
    const { api, create } = await withAgent(t);
    const [done, failed, running] = [await create(), await create(), await create()];
    await executed(api, done, 'end');
    await executed(api, failed, 'cancel');
    const { body } = await api.call('POST', `/tasks/${running}/execute`);
    for (const id of [done, failed, running]) {
      const reset = await api.call('POST', `/tasks/${id}/reset`);
      t.equal(reset.status, 200);
      t.match(reset.body.data, { id, status: 'pending', failure_reason: null });
      t.equal((await api.call('POST', `/tasks/${id}/reset`)).status, 409, 'only what is not pending');
      t.equal((await api.call('POST', `/tasks/${id}/execute`)).status, 200);
    }
    t.match((await api.call('GET', `/calls/${body.data.call_id}`)).body.data, { status: 'failed', end_reason: 'cancelled' });
    t.equal((await api.call('GET', `/calls?task_id=${running}`)).body.meta.total, 2);
  },
);

void t.test('DELETE /agents/:id 409 while it has active tasks', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const id = await create();
  const refused = await api.call('DELETE', `/agents/${agent.id}`);
  t.match(refused, { status: 409, body: { success: false, error: 'The agent has active tasks' } });
  await api.call('POST', `/tasks/${id}/execute`);
  t.equal((await api.call('DELETE', `/agents/${agent.id}`)).status, 409, 'in progress too');
  const { call_id } = (await api.call('GET', `/tasks/${id}`)).body.data;
  await api.call('POST', `/calls/${call_id}/end`);
  t.equal((await api.call('DELETE', `/agents/${agent.id}`)).status, 200);
  t.match((await api.call('GET', `/tasks/${id}`)).body.data, { status: 'completed', agent: null });
  await api.call('POST', `/tasks/${id}/reset`);
  t.match(await api.call('POST', `/tasks/${id}/execute`), { status: 404, body: { error: 'Agent not found' } });
});

void t.test("404 for tasks that do not exist, ids of no shape, and another tenant's", async (t) => {
  const { api } = await withAgent(t);
  const theirs = sampleAgent({ tenantId: OTHER_TENANT });
  await api.database.agents.insert(theirs);
  const headers = { authorization: `Bearer ${api.otherKey}` };
  const created = await api.call('POST', '/tasks', { ...EXAMPLE, agent_id: theirs.id }, headers);
  for (const id of [created.body.data.id, newTaskId(), 'x', "1'%20OR%201=1", 'a'.repeat(3000)]) {
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/execute'],
      ['POST', '/reset'],
    ] as const) {
      const { status, body } = await api.call(method, `/tasks/${id}${path}`, method === 'PATCH' ? { name: 'mine' } : undefined);
      t.equal(status, 404, `${method} ${path}`);
      t.equal(body.error, 'Task not found');
    }
  }
  t.equal((await api.call('GET', '/tasks')).body.meta.total, 0);
  t.match(await api.database.tasks.find(OTHER_TENANT, created.body.data.id as TaskId), { name: EXAMPLE.name, status: 'pending' });
  t.equal(await api.database.tasks.find(DEFAULT_TENANT, created.body.data.id as TaskId), undefined);
});
