import t from 'tap';
import type { TaskId } from '../../../src/core/ids.js';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

const WINDOW = { days: ['mon', 'tue'], from: '09:00', to: '20:00', timezone: 'America/New_York' };
const RETRY = { max_attempts: 3, outcomes: { busy: { after_seconds: [60, 300] }, voicemail: { after_seconds: [3600] } } };

async function start(t: Parameters<typeof startHarness>[0]) {
  const api = await startHarness(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const task = { agent_id: agent.id, name: 'Call', to_number: '+12125550123' };
  const create = async (changes: object = {}) => await api.call('POST', '/tasks', { ...task, ...changes });
  return { api, create };
}

void t.test(
  'POST and PATCH /tasks: a call window and a retry policy come back as they were given, and null clears them',
  async (t) => {
    const { api, create } = await start(t);
    const created = await create({ call_window: { ...WINDOW, days: ['tue', 'mon', 'mon'] }, retry: RETRY });
    t.equal(created.status, 201);
    t.match(created.body.data, {
      call_window: { ...WINDOW, days: ['tue', 'mon'] },
      retry: RETRY,
      attempts: 0,
      next_attempt_at: null,
    });
    const { id } = created.body.data;
    t.same((await api.call('GET', `/tasks/${id}`)).body.data.retry, RETRY);
    const changed = await api.call('PATCH', `/tasks/${id}`, { call_window: { timezone: 'Europe/London' }, retry: null });
    t.match(changed.body.data, { call_window: { timezone: 'Europe/London' }, retry: null });
    t.equal((await api.call('PATCH', `/tasks/${id}`, { call_window: null })).body.data.call_window, null);
    const scheduled = await create({ scheduled_at: '2030-01-01T10:00:00Z' });
    t.equal(scheduled.body.data.next_attempt_at, '2030-01-01T10:00:00.000Z');
  },
);

void t.test('POST and PATCH /tasks 400: what is wrong with a window or a retry policy is named', async (t) => {
  const { api, create } = await start(t);
  const { id } = (await create()).body.data;
  const waits = (after_seconds: unknown) => ({ max_attempts: 2, outcomes: { busy: { after_seconds } } });
  const faulty: [object, string][] = [
    ...['Mars/Olympus', '', 'Europe/Berlin\n', 'a'.repeat(5000), 7, null].map((timezone): [object, string] => [
      { call_window: { ...WINDOW, timezone } },
      'call_window.timezone',
    ]),
    ...['9:00', '24:00', '09:60', '09:00:00', '', 9].map((from): [object, string] => [
      { call_window: { ...WINDOW, from } },
      'call_window.from',
    ]),
    [{ call_window: { ...WINDOW, to: '24:01' } }, 'call_window.to'],
    [{ call_window: { ...WINDOW, to: '09:00' } }, 'call_window.to'],
    [{ call_window: { from: '09:00' } }, 'call_window.to'],
    [{ call_window: { ...WINDOW, days: [] } }, 'call_window.days'],
    [{ call_window: { ...WINDOW, days: ['monday'] } }, 'call_window.days.0'],
    [{ call_window: { ...WINDOW, zone: 'UTC' } }, 'call_window.zone'],
    [{ call_window: 'always' }, 'call_window'],
    [{ retry: { max_attempts: 0, outcomes: {} } }, 'retry.max_attempts'],
    [{ retry: { max_attempts: 21, outcomes: {} } }, 'retry.max_attempts'],
    [{ retry: { max_attempts: 2 } }, 'retry.outcomes'],
    [{ retry: { max_attempts: 2, outcomes: { answered: { after_seconds: [1] } } } }, 'retry.outcomes.answered'],
    ...[[], [0], [-1], [1.5], ['60'], [1e12], 60].map((after): [object, string] => [
      { retry: waits(after) },
      'retry.outcomes.busy.after_seconds',
    ]),
  ];
  for (const [change, field] of faulty) {
    for (const answer of [await create(change), await api.call('PATCH', `/tasks/${id}`, change)]) {
      t.equal(answer.status, 400, JSON.stringify(change).slice(0, 80));
      const fields = answer.body.details.fields.map((fault: { field: string }) => fault.field);
      t.ok(
        fields.some((name: string) => name.startsWith(field)),
        `${field}: ${fields}`,
      );
    }
  }
  t.equal((await api.call('GET', '/tasks')).body.meta.total, 1);
});

void t.test('POST and PATCH /tasks 400: hours need a time zone that is known, and to come about', async (t) => {
  const { api, create } = await start(t);
  const hours = { from: '09:00', to: '20:00' };
  const impossible = [{ to_number: '+80012345678', call_window: hours }, { call_window: { from: '12:00', to: '12:30' } }];
  const { id } = (await create()).body.data;
  for (const change of impossible) {
    for (const answer of [await create(change), await api.call('PATCH', `/tasks/${id}`, change)]) {
      t.match(answer, { status: 400, body: { details: { fields: [{ field: 'call_window.timezone', message: /^is needed/ }] } } });
    }
    const told = { ...change, call_window: { ...change.call_window, timezone: 'UTC' } };
    t.equal((await create(told)).status, 201);
  }
  t.equal((await create({ to_number: '+80012345678' })).status, 201, 'without hours no zone is needed');
});

void t.test('POST /tasks/:id/execute 409 outside the hours, 200 when they are to be ignored, 400 for other bodies', async (t) => {
  const { api, create } = await start(t);
  // The server's clock stands on a Tuesday, 2023-11-14 at 22:13 UTC.
  const { id } = (await create({ call_window: { from: '09:00', to: '17:00', timezone: 'UTC' } })).body.data;
  const refused = await api.call('POST', `/tasks/${id}/execute`);
  t.match(refused, { status: 409, body: { success: false, error: /begin at 2023-11-15T09:00:00\.000Z/ } });
  t.equal((await api.call('POST', `/tasks/${id}/execute`, { ignore_window: false })).status, 409);
  for (const body of [{ ignore_window: 'yes' }, { ignoreWindow: true }, []]) {
    t.equal((await api.call('POST', `/tasks/${id}/execute`, body)).status, 400);
  }
  t.equal((await api.call('GET', `/tasks/${id}`)).body.data.attempts, 0);
  t.equal((await api.call('POST', `/tasks/${id}/execute`, { ignore_window: true })).status, 200);
  const open = (await create({ call_window: { from: '09:00', to: '17:00', timezone: 'America/New_York' } })).body.data;
  t.equal((await api.call('POST', `/tasks/${open.id}/execute`)).status, 409, 'a quarter past five in New York');
  const west = (await create({ call_window: { from: '09:00', to: '17:00', timezone: 'America/Los_Angeles' } })).body.data;
  t.equal((await api.call('POST', `/tasks/${west.id}/execute`)).status, 200, 'a quarter past two in Los Angeles');
});

void t.test(
  'GET /tasks/:id 200 shows each attempt; the task is pending between them, and its webhooks tell of each',
  async (t) => {
    const { api, create } = await start(t);
    const { id } = (await create({ retry: RETRY })).body.data;
    const callIds: string[] = [];
    for (const attempt of [1, 2]) {
      const { body } = await api.call('POST', `/tasks/${id}/execute`);
      callIds.unshift(body.data.call_id);
      const call = await api.database.calls.find(DEFAULT_TENANT, body.data.call_id);
      if (!call) throw new Error('not stored');
      const endedAtMs = call.startedAtMs + 5000;
      const busy = { result: 'client_error', reason: 'busy' } as const;
      await api.database.calls.update({ ...call, status: 'failed', termination: busy, sipCode: 486, endedAtMs });
      t.match((await api.call('GET', `/tasks/${id}`)).body.data, {
        status: 'pending',
        attempts: attempt,
        call_id: callIds[0],
        failure_reason: null,
        next_attempt_at: new Date(endedAtMs + (attempt === 1 ? 60_000 : 300_000)).toISOString(),
      });
    }
    const { calls } = (await api.call('GET', `/tasks/${id}`)).body.data;
    t.match(
      calls,
      callIds.map((call_id) => ({ call_id, status: 'failed', end_reason: 'busy', sip_code: 486, ended_at: /Z$/ })),
    );
    t.equal(calls.length, 2);
    const events = await api.database.webhooks.undispatched(100);
    t.equal(events.filter((event) => event.type === 'call_failed' && event.taskId === (id as TaskId)).length, 2);
  },
);

void t.test('GET and PUT /tasks/policy 200: what holds for tasks that say nothing, of one tenant', async (t) => {
  const { api, create } = await start(t);
  t.same((await api.call('GET', '/tasks/policy')).body.data, { call_window: null, retry: null, limits: null });
  const policy = {
    call_window: { days: ['mon', 'tue', 'wed'], from: '08:00', to: '18:00' },
    retry: RETRY,
    limits: { calls_per_day: 5 },
  };
  const put = await api.call('PUT', '/tasks/policy', policy);
  t.equal(put.status, 200);
  t.same(put.body.data, policy);
  t.same((await api.call('GET', '/tasks/policy')).body.data, policy);
  const theirs = { authorization: `Bearer ${api.otherKey}` };
  t.same((await api.call('GET', '/tasks/policy', undefined, theirs)).body.data, { call_window: null, retry: null, limits: null });
  const { id } = (await create({ to_number: '+4930123456' })).body.data;
  t.equal((await api.call('POST', `/tasks/${id}/execute`)).status, 409, 'nearly midnight in Berlin');
  t.equal((await create({ to_number: '+80012345678' })).status, 400, 'hours hold now');
  const daily = { call_window: { from: '08:00', to: '18:00' } };
  t.equal((await api.call('PUT', '/tasks/policy', daily)).body.data.call_window.days.length, 7, 'every day when none is named');
  t.same((await api.call('PUT', '/tasks/policy', {})).body.data, { call_window: null, retry: null, limits: null });
  t.equal((await api.call('POST', `/tasks/${id}/execute`)).status, 200);
});

void t.test(
  'PUT /tasks/policy 400 and 403: faults are named, a time zone is no part of it, and reading is not writing',
  async (t) => {
    const { api } = await start(t);
    const hours = { from: '09:00', to: '20:00' };
    for (const [body, field] of [
      [{ call_window: { ...hours, timezone: 'UTC' } }, 'call_window.timezone'],
      [{ call_window: { from: '09:00' } }, 'call_window.to'],
      [{ call_window: { ...hours, to: '09:00' } }, 'call_window.to'],
      [{ retry: { max_attempts: 2 } }, 'retry.outcomes'],
      [{ hours }, 'hours'],
    ] as const) {
      t.match(await api.call('PUT', '/tasks/policy', body), { status: 400, body: { details: { fields: [{ field }] } } });
    }
    t.equal((await api.call('PUT', '/tasks/policy', 'x'.repeat(10))).status, 400);
    const reader = { authorization: `Bearer ${await api.newKey({ scopes: ['tasks:read'], expiresAtMs: undefined })}` };
    t.equal((await api.call('GET', '/tasks/policy', undefined, reader)).status, 200);
    t.equal((await api.call('PUT', '/tasks/policy', {}, reader)).status, 403);
  },
);
