import t from 'tap';
import { newCampaignContactId, newCampaignId } from '../../../src/core/ids.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

const CSV = { 'content-type': 'text/csv' };
const SETTINGS = {
  name: 'Spring check-up',
  description: 'Everybody',
  starting_message: 'Hello {{name}}',
  priority: 3,
  call_window: { from: '09:00', to: '18:00', days: ['mon', 'tue'] },
  retry: { max_attempts: 3, outcomes: { busy: { after_seconds: [300] } } },
  max_concurrent: 2,
  webhook_url: 'https://your-app.com/webhooks',
  webhook_events: ['call_completed'],
};

async function withAgent(t: Parameters<typeof startHarness>[0]) {
  const api = await startHarness(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const create = async (body: object = {}): Promise<string> => {
    const { status, body: answer } = await api.call('POST', '/campaigns', { agent_id: agent.id, name: 'Spring', ...body });
    if (status !== 201) throw new Error(JSON.stringify(answer));
    return answer.data.id;
  };
  const add = (id: string, body: unknown, query = '', headers?: Record<string, string>): Promise<Answer> =>
    api.call('POST', `/campaigns/${id}/contacts${query}`, body, headers);
  const act = (id: string, action: string, body?: object): Promise<Answer> =>
    api.call('POST', `/campaigns/${id}/${action}`, body);
  return { api, agent, create, add, act };
}

const contacts = (...numbers: string[]): object => ({ contacts: numbers.map((number) => ({ number })) });
const listed = async (api: HttpHarness, id: string, query = ''): Promise<string[]> =>
  (await api.call('GET', `/campaigns/${id}/contacts${query}`)).body.data.map(
    (contact: { number: string; status: string }) => `${contact.number} ${contact.status}`,
  );

void t.test('POST /campaigns 201: everything comes back as it was sent; defaults for what is left out', async (t) => {
  const { api, agent } = await withAgent(t);
  const created = await api.call('POST', '/campaigns', { agent_id: agent.id, ...SETTINGS });
  t.equal(created.status, 201);
  const fresh = { status: 'draft', starts_at: null, started_at: null, ended_at: null };
  t.match(created.body.data, { agent_id: agent.id, ...SETTINGS, ...fresh });
  t.same((await api.call('GET', `/campaigns/${created.body.data.id}`)).body.data, created.body.data);
  const minimal = (await api.call('POST', '/campaigns', { agent_id: agent.id.toUpperCase(), name: 'x' })).body.data;
  t.match(minimal, {
    agent_id: agent.id,
    description: null,
    starting_message: null,
    priority: 0,
    call_window: null,
    retry: null,
    max_concurrent: null,
    webhook_url: null,
    webhook_events: ['call_started', 'call_completed', 'call_failed'],
  });
});

void t.test('POST and PATCH /campaigns 400: every fault is named', async (t) => {
  const { api, agent, create } = await withAgent(t);
  const id = await create();
  for (const [change, field] of [
    [{ name: ' ' }, 'name'],
    [{ agent_id: 'x' }, 'agent_id'],
    [{ max_concurrent: 0 }, 'max_concurrent'],
    [{ max_concurrent: 1.5 }, 'max_concurrent'],
    [{ priority: 'high' }, 'priority'],
    [{ call_window: { from: '25:00', to: '09:00' } }, /^call_window/],
    [{ retry: 3 }, /^retry/],
    [{ webhook_url: 'http://a.example' }, 'webhook_url'],
    [{ webhook_events: ['x'] }, /^webhook_events/],
    [{ status: 'running' }, 'status'],
  ] as const) {
    const body = { agent_id: agent.id, name: 'x', ...change };
    for (const answer of [await api.call('POST', '/campaigns', body), await api.call('PATCH', `/campaigns/${id}`, change)]) {
      t.equal(answer.status, 400, JSON.stringify(change));
      t.match(answer.body.details?.fields, [{ field }]);
    }
  }
  t.equal((await api.call('POST', '/campaigns', { name: 'x' })).status, 400);
  t.equal((await api.call('GET', '/campaigns')).body.meta.total, 1);
});

void t.test('GET /campaigns 200: newest first, by status, in pages', async (t) => {
  const { api, create, act, add } = await withAgent(t);
  const ids = [await create(), await create(), await create()];
  await add(ids[0] ?? '', contacts('+12'));
  await act(ids[0] ?? '', 'start');
  const of = async (query: string): Promise<string[]> =>
    (await api.call('GET', `/campaigns${query}`)).body.data.map((campaign: { id: string }) => campaign.id);
  t.same(await of(''), ids.toReversed());
  t.same(await of('?status=running'), [ids[0]]);
  t.same(await of('?limit=1&offset=1'), [ids[1]]);
  for (const query of ['status=x', 'limit=0', 'offset=-1']) t.equal((await api.call('GET', `/campaigns?${query}`)).status, 400);
});

void t.test('POST /campaigns/:id/contacts 201: JSON and CSV', async (t) => {
  const { api, create, add } = await withAgent(t);
  const id = await create();
  const json = { contacts: [{ number: '+12', name: 'Ann', variables: { order: { id: 7 } } }, { number: '+13' }] };
  t.match(await add(id, json), { status: 201, body: { data: { added: 2, rejected: 0, rejections: [] } } });
  const csv = 'Name,Phone,day,"odd, name"\n"Smith, Bob",+44 20 7123-4567,Monday,\n\n,+15550123,"say ""hi""",x\n';
  t.match(await add(id, csv.replace('Phone', 'phone'), '', CSV), { status: 201, body: { data: { added: 2, rejected: 0 } } });
  const { body } = await api.call('GET', `/campaigns/${id}/contacts`);
  t.match(body.data, [
    { number: '+12', name: 'Ann', variables: { order: { id: 7 } }, status: 'pending', outcome: null, task_id: null, calls: 0 },
    { number: '+13', name: null, variables: {} },
    { number: '+442071234567', name: 'Smith, Bob', variables: { day: 'Monday', 'odd, name': '' } },
    { number: '+15550123', name: null, variables: { day: 'say "hi"', 'odd, name': 'x' } },
  ]);
  t.equal(body.meta.total, 4);
  t.same(await listed(api, id, '?search=smith'), ['+442071234567 pending']);
  t.same(await listed(api, id, '?search=%2B1&limit=1&offset=1'), ['+13 pending']);
  t.same(await listed(api, id, '?status=completed'), []);
  t.equal((await api.call('GET', `/campaigns/${id}/contacts?status=x`)).status, 400);
});

void t.test('POST /campaigns/:id/contacts 400: the place of every fault, and nobody is added', async (t) => {
  const { api, create, add } = await withAgent(t);
  const id = await create();
  await add(id, contacts('+19'));
  await api.call('POST', '/do-not-call', { number: '+18' });
  for (const [body, fields] of [
    [{}, ['contacts']],
    [{ contacts: [] }, ['contacts']],
    [{ contacts: 'x' }, ['contacts']],
    [{ contacts: ['x', null] }, ['contacts.0', 'contacts.1']],
    [contacts('+12', '12'), ['contacts.1.number']],
    [{ contacts: [{ number: '+12', name: 7, age: 3 }] }, ['contacts.0.name', 'contacts.0.age']],
    [{ contacts: [{ number: '+12', variables: [] }] }, ['contacts.0.variables']],
    [contacts('+12', '+13', '+12'), ['contacts.2.number']],
    [contacts('+12', '+19'), ['contacts.1.number']],
    [contacts('+18', '+12'), ['contacts.0.number']],
  ] as const) {
    const answer = await add(id, body);
    t.equal(answer.status, 400, JSON.stringify(body));
    t.same(
      answer.body.details.fields.map(({ field }: { field: string }) => field),
      fields,
    );
  }
  const csv = 'phone,day\n+12,Monday\nno number,Tuesday\n+18,\n+12,\n+19,\n+13';
  const answer = await add(id, csv, '', CSV);
  t.match(answer, { status: 400, body: { details: { fields: [{ field: 'row 7', message: /1 columns/ }] } } });
  const rows = await add(id, `${csv},`, '', CSV);
  t.same(rows.body.details.fields, [
    {
      field: 'row 3, column phone',
      message: 'must be an E.164 number such as +1234567890, or sip:user@ this server for a phone',
    },
    { field: 'row 4, column phone', message: 'is on the do-not-call list' },
    { field: 'row 5, column phone', message: 'stands here twice' },
    { field: 'row 6, column phone', message: 'is a contact of the campaign already' },
  ]);
  t.equal((await add(id, 'name\nAnn', '', CSV)).status, 400);
  t.equal((await add(id, contacts('+12'), '?partial=yes')).status, 400);
  t.same(await listed(api, id), ['+19 pending']);
});

void t.test('POST /campaigns/:id/contacts?partial=true 201: those that can be taken, and why the others are not', async (t) => {
  const { api, create, add } = await withAgent(t);
  const id = await create();
  await add(id, contacts('+19'));
  await api.call('POST', '/do-not-call', { number: '+18' });
  const csv = 'phone,day\n+12,Monday\nno number,Tuesday\n+18,\n+12,\n+19,\n+13,';
  const answer = await add(id, csv, '?partial=true', CSV);
  t.equal(answer.status, 201);
  t.match(answer.body.data, { added: 2, rejected: 4 });
  t.same(
    answer.body.data.rejections.map(({ at, number, reason }: Record<string, string>) => [at, number, reason]),
    [
      ['row 3, column phone', 'no number', 'invalid'],
      ['row 4, column phone', '+18', 'do_not_call'],
      ['row 5, column phone', '+12', 'duplicate'],
      ['row 6, column phone', '+19', 'already_a_contact'],
    ],
  );
  t.same(await listed(api, id), ['+19 pending', '+12 pending', '+13 pending']);
  t.match((await add(id, contacts('x'), '?partial=true')).body.data, { added: 0, rejected: 1 });
});

void t.test('10,000 contacts at once; one more is refused', async (t) => {
  const { api, create, add } = await withAgent(t);
  const id = await create();
  const rows = Array.from({ length: 10_000 }, (_, i) => `+1555${100_000 + i}\n`).join('');
  t.equal((await add(id, `number\n${rows}+12\n`, '', CSV)).status, 400);
  t.match(await add(id, `number\n${rows}`, '', CSV), { status: 201, body: { data: { added: 10_000 } } });
  t.equal((await api.call('GET', `/campaigns/${id}/progress`)).body.data.contacts, 10_000);
});

void t.test('what may be done in which status: 200, or 409 that names the status', async (t) => {
  const { create, add, act } = await withAgent(t);
  const soon = { starts_at: '2031-01-01T09:00:00+01:00' };
  const ways: Record<string, [string, object?][]> = {
    draft: [],
    scheduled: [['start', soon]],
    running: [['start']],
    paused: [['start'], ['pause']],
    cancelled: [['cancel']],
  };
  const allowed: Record<string, string[]> = {
    draft: ['start', 'cancel'],
    scheduled: ['start', 'pause', 'cancel'],
    running: ['pause', 'cancel'],
    paused: ['resume', 'cancel'],
    cancelled: [],
  };
  for (const [status, way] of Object.entries(ways)) {
    for (const action of ['start', 'pause', 'resume', 'cancel']) {
      const id = await create();
      await add(id, contacts('+12'));
      for (const [step, body] of way) t.equal((await act(id, step, body)).status, 200);
      const answer = await act(id, action);
      if (allowed[status]?.includes(action)) t.equal(answer.status, 200, `${action} when ${status}`);
      else t.match(answer, { status: 409, body: { error: new RegExp(status) } }, `${action} when ${status}`);
    }
  }
});

void t.test('POST /campaigns/:id/start 200: now, or at a time; 409 without contacts, 400 for no time', async (t) => {
  const { create, add, act } = await withAgent(t);
  const id = await create();
  t.match(await act(id, 'start'), { status: 409, body: { error: /without contacts/ } });
  await add(id, contacts('+12'));
  t.equal((await act(id, 'start', { starts_at: 'soon' })).status, 400);
  t.equal((await act(id, 'start', { when: 'soon' })).status, 400);
  const scheduled = await act(id, 'start', { starts_at: '2031-01-01T09:00:00+01:00' });
  t.match(scheduled, {
    status: 200,
    body: { data: { status: 'scheduled', starts_at: '2031-01-01T08:00:00.000Z', started_at: null } },
  });
  t.match(await act(id, 'start', { starts_at: '2001-01-01T00:00:00Z' }), { status: 200, body: { data: { status: 'running' } } });
});

void t.test(
  'PATCH /campaigns/:id: all of it while nobody is called, a part while it runs, nothing when it is over',
  async (t) => {
    const { api, create, add, act } = await withAgent(t);
    const id = await create();
    await add(id, contacts('+12'));
    const patch = (body: object): Promise<Answer> => api.call('PATCH', `/campaigns/${id}`, body);
    t.match(await patch({ starting_message: 'Hi', max_concurrent: 4 }), {
      status: 200,
      body: { data: { starting_message: 'Hi' } },
    });
    t.match(await patch({ starting_message: null, max_concurrent: null }), {
      status: 200,
      body: { data: { starting_message: null, max_concurrent: null } },
    });
    await act(id, 'start');
    t.match(await patch({ max_concurrent: 1, name: 'Autumn' }), {
      status: 200,
      body: { data: { max_concurrent: 1, name: 'Autumn' } },
    });
    t.match(await patch({ name: 'Winter', priority: 1 }), { status: 409, body: { error: /running/ } });
    await act(id, 'pause');
    t.equal((await patch({ priority: 1 })).status, 200);
    t.equal((await patch({ agent_id: newCampaignId() })).status, 404);
    await act(id, 'cancel');
    t.match(await patch({ name: 'x' }), { status: 409, body: { error: /cancelled/ } });
    t.match((await api.call('GET', `/campaigns/${id}`)).body.data, { name: 'Autumn', priority: 1 });
    t.equal((await add(id, contacts('+13'))).status, 409);
  },
);

void t.test('DELETE /campaigns/:id 200 for a draft or one that is over, 409 otherwise; its tasks stay', async (t) => {
  const { api, create, add, act } = await withAgent(t);
  const id = await create();
  await add(id, contacts('+12'));
  await act(id, 'start');
  await until(async () => (await api.call('GET', '/tasks')).body.meta.total === 1);
  t.match(await api.call('DELETE', `/campaigns/${id}`), { status: 409, body: { error: /running/ } });
  await act(id, 'cancel');
  t.match(await api.call('DELETE', `/campaigns/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  t.equal((await api.call('DELETE', `/campaigns/${id}`)).status, 404);
  t.match((await api.call('GET', '/tasks')).body.data, [
    { status: 'failed', failure_reason: 'campaign_cancelled', to_number: '+12' },
  ]);
});

void t.test('a contact follows its task and its calls, and progress counts them', async (t) => {
  const { api, agent, create, add, act } = await withAgent(t);
  const id = await create({ max_concurrent: 1 });
  await add(id, contacts('+12', '+13'));
  await act(id, 'start');
  await until(async () => (await api.call('GET', '/tasks')).body.meta.total === 1);
  const [task] = (await api.call('GET', '/tasks')).body.data;
  t.match(task, { agent_id: agent.id, name: 'Spring: +12', to_number: '+12', context_data: { number: '+12' } });
  const callId = (await api.call('POST', `/tasks/${task.id}/execute`)).body.data.call_id;
  t.same(await listed(api, id), ['+12 in_progress', '+13 pending']);
  await api.call('POST', `/calls/${callId}/cancel`);
  api.feedCampaigns();
  await until(async () => (await api.call('GET', '/tasks')).body.meta.total === 2);
  t.match((await api.call('GET', `/campaigns/${id}/contacts?outcome=cancelled`)).body.data, [
    { number: '+12', status: 'failed', outcome: 'cancelled', task_id: task.id, call_id: callId, calls: 1, talk_ms: 0 },
  ]);
  t.same((await api.call('GET', `/campaigns/${id}/progress`)).body.data, {
    contacts: 2,
    by_status: { pending: 0, queued: 1, in_progress: 0, completed: 0, failed: 1, cancelled: 0 },
    by_outcome: { cancelled: 1 },
    calls: 1,
    answered_calls: 0,
    average_talk_ms: null,
  });
});

void t.test('DELETE /campaigns/:id/contacts/:id 200 for one nobody has called, 404 otherwise', async (t) => {
  const { api, create, add, act } = await withAgent(t);
  const id = await create({ max_concurrent: 1 });
  await add(id, contacts('+12', '+13'));
  const [first, second] = (await api.call('GET', `/campaigns/${id}/contacts`)).body.data;
  await act(id, 'start');
  await until(async () => (await listed(api, id))[0] === '+12 queued');
  t.equal((await api.call('DELETE', `/campaigns/${id}/contacts/${first.id}`)).status, 404);
  t.equal((await api.call('DELETE', `/campaigns/${id}/contacts/${second.id}`)).status, 200);
  t.equal((await api.call('DELETE', `/campaigns/${id}/contacts/${newCampaignContactId()}`)).status, 404);
  t.same(await listed(api, id), ['+12 queued']);
});

void t.test('DELETE /agents/:id 409 while a campaign of it is not over', async (t) => {
  const { api, agent, create, act } = await withAgent(t);
  const id = await create();
  t.match(await api.call('DELETE', `/agents/${agent.id}`), { status: 409, body: { error: /campaigns/ } });
  await act(id, 'cancel');
  t.equal((await api.call('DELETE', `/agents/${agent.id}`)).status, 200);
});

void t.test("404 for campaigns that are not there, and another tenant's agent", async (t) => {
  const { api } = await withAgent(t);
  for (const id of [newCampaignId(), 'x', "'%20OR%201=1"]) {
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', {}],
      ['DELETE', ''],
      ['POST', '/start'],
      ['POST', '/pause'],
      ['GET', '/progress'],
      ['GET', '/contacts'],
      ['POST', '/contacts', contacts('+12')],
    ] as const) {
      t.match(await api.call(method, `/campaigns/${id}${path}`, body), { status: 404, body: { error: 'Campaign not found' } });
    }
  }
  const theirs = { authorization: `Bearer ${api.otherKey}` };
  const [agent] = (await api.call('GET', '/agents')).body.data;
  t.equal((await api.call('POST', '/campaigns', { agent_id: agent.id, name: 'x' }, theirs)).status, 404);
});

void t.test('Idempotency-Key: a campaign, and its contacts, once', async (t) => {
  const { api, agent } = await withAgent(t);
  const headers = { 'idempotency-key': 'k' };
  const first = await api.call('POST', '/campaigns', { agent_id: agent.id, name: 'x' }, headers);
  t.same((await api.call('POST', '/campaigns', { agent_id: agent.id, name: 'x' }, headers)).body, first.body);
  const path = `/campaigns/${first.body.data.id}/contacts`;
  const added = await api.call('POST', path, 'number\n+12', { ...headers, ...CSV });
  t.same((await api.call('POST', path, 'number\n+12', { ...headers, ...CSV })).body, added.body);
  t.equal((await api.call('GET', '/campaigns')).body.meta.total, 1);
});
