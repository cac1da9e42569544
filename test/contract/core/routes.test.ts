import t from 'tap';
import { startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

const FULL = {
  name: 'Closed',
  enabled: false,
  priority: 10,
  match: {
    trunks: ['carrier'],
    called: ['+4930123456', '+49301*'],
    callers: ['+44*'],
    anonymous: false,
    headers: { 'X-Tier': 'gold*' },
    schedule: {
      timezone: 'Europe/Berlin',
      hours: [{ days: ['sat', 'sun'], from: '22:00', to: '06:00' }],
      dates: ['12-25', '2026-04-03'],
      except_dates: ['2026-12-25'],
    },
  },
  target: { type: 'announcement', text: 'We are closed today.', agent: 'front-desk' },
  variables: [
    { name: 'customer_id', header: 'X-Customer-ID', part: 'value' },
    { name: 'caller_name', header: 'P-Asserted-Identity', part: 'display_name' },
  ],
};
const TRANSFER = {
  type: 'transfer',
  to: ['reception', '+4917012345678', 'sip:desk@pbx.example'],
  ring_seconds: 20,
  otherwise: { type: 'announcement', text: 'Nobody is there.', agent: null },
};
const NO_ROUTE = '/routes/0197e3b0-0000-7000-8000-000000000000';
const DEMO = { type: 'agent', agent: 'demo' };

void t.test('POST /routes 201: every field comes back as it was sent, and with defaults where little was', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/routes', FULL);
  t.equal(status, 201);
  const { id, version, created_at, updated_at, ...sent } = body.data;
  t.same(sent, FULL);
  t.ok(id && version === 1 && created_at && updated_at);
  t.same((await api.call('GET', `/routes/${id}`)).body.data, body.data);
  const targets = [
    { ...DEMO, answer_texts: false },
    { type: 'redirect', to: 'sip:desk@pbx.example' },
    { type: 'reject', status: 486 },
    TRANSFER,
  ];
  for (const [index, target] of targets.entries()) {
    const small = await api.call('POST', '/routes', { name: `r${index}`, target });
    t.same(small.body.data.target, target);
    t.match(small.body.data, {
      enabled: true,
      priority: 100,
      variables: [],
      match: { called: [], anonymous: null, schedule: null },
    });
  }
  t.same((await api.call('POST', '/routes', { name: 'demo', target: DEMO })).body.data.target, { ...DEMO, answer_texts: null });
});

void t.test('POST /routes 400: every fault is named at once', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/routes', {
    name: '',
    priority: -1,
    match: {
      called: [''],
      headers: { 'Not a header': 'x', 'X-Long': 'x'.repeat(201) },
      schedule: {
        timezone: 'Berlin',
        hours: [
          { from: '9', to: '17:00' },
          { from: '09:00', to: '09:00' },
        ],
        dates: ['12-32', '2026-02-29', '2026-1-1'],
      },
      number: 'x',
    },
    target: { type: 'reject', status: 200 },
    variables: [
      { name: 'a.b', header: 'X-A' },
      { name: 'auth', header: 'Authorization' },
      { name: 'x', header: 'X', part: 'half' },
    ],
  });
  t.equal(status, 400);
  const fields: string[] = body.details.fields.map((fault: { field: string }) => fault.field);
  for (const field of [
    'name',
    'priority',
    'match.number',
    'match.called.0',
    'match.headers.Not a header',
    'match.headers.X-Long',
    'match.schedule.timezone',
    'match.schedule.hours.0.from',
    'match.schedule.hours.1.to',
    'match.schedule.dates.0',
    'match.schedule.dates.1',
    'match.schedule.dates.2',
    'target.status',
    'variables.0.name',
    'variables.1.header',
    'variables.2.header',
    'variables.2.part',
  ]) {
    t.ok(fields.includes(field), field);
  }
  const targets = [
    { type: 'transfer' },
    { type: 'transfer', to: [] },
    { type: 'transfer', to: ['two words'] },
    { type: 'transfer', to: ['+49301'], ring_seconds: 1 },
    { type: 'transfer', to: ['+49301'], otherwise: { type: 'transfer', to: ['+49302'] } },
    { type: 'redirect', to: 'desk' },
    { type: 'redirect', to: 'sip:a@b>x' },
    { type: 'agent' },
  ];
  for (const target of targets)
    t.equal((await api.call('POST', '/routes', { name: 'x', target })).status, 400, JSON.stringify(target));
});

void t.test('GET /routes 200: in the order in which they are tried; PATCH changes what is sent; DELETE removes', async (t) => {
  const api = await startHarness(t);
  const add = async (name: string, priority: number) =>
    (await api.call('POST', '/routes', { name, priority, target: DEMO })).body.data.id as string;
  const late = await add('late', 200);
  await add('one', 50);
  await add('two', 50);
  const names = async () => (await api.call('GET', '/routes')).body.data.map(({ name }: { name: string }) => name);
  t.same(await names(), ['one', 'two', 'late']);
  const { body } = await api.call('PATCH', `/routes/${late}`, { priority: 1, match: { called: ['200'] } });
  t.match(body.data, { name: 'late', priority: 1, version: 2, match: { called: ['200'], callers: [] }, target: DEMO });
  t.same(await names(), ['late', 'one', 'two']);
  t.match((await api.call('GET', '/routes?limit=1&offset=1')).body, {
    data: [{ name: 'one' }],
    meta: { total: 3, limit: 1, offset: 1 },
  });
  t.same((await api.call('DELETE', `/routes/${late}`)).body.data, { id: late, deleted: true });
  for (const method of ['GET', 'DELETE']) t.equal((await api.call(method, `/routes/${late}`)).status, 404);
  t.equal((await api.call('PATCH', NO_ROUTE, { name: 'x' })).status, 404);
});

void t.test('409 for a name that is taken; another tenant has names and routes of its own', async (t) => {
  const api = await startHarness(t);
  const { data: mine } = (await api.call('POST', '/routes', { name: 'Desk', target: DEMO })).body;
  const again = await api.call('POST', '/routes', { name: 'Desk', target: DEMO });
  t.equal(again.status, 409);
  t.match(again.body.details.fields, [{ field: 'name' }]);
  const other = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('POST', '/routes', { name: 'Desk', target: DEMO }, other)).status, 201);
  t.equal((await api.call('GET', `/routes/${mine.id}`, undefined, other)).status, 404);
  t.equal((await api.call('PATCH', `/routes/${mine.id}`, { name: 'x' }, other)).status, 404);
  t.equal((await api.call('DELETE', `/routes/${mine.id}`, undefined, other)).status, 404);
  t.match((await api.call('POST', '/routes/test', { called: 'demo' }, other)).body.data, { considered: [{ name: 'Desk' }] });
});

void t.test('POST /routes/test 200: says where a call would go, and what kept it from the other routes', async (t) => {
  const api = await startHarness(t);
  const agent = sampleAgent({ sipUser: 'front-desk' });
  await api.database.agents.insert(agent);
  const inbound = [{ called: '+4930*', agent: 'front-desk' }];
  const numbers = { country: 'DE', in: 'national', out: 'national' };
  const variables = [{ name: 'tier', header: 'X-Tier' }];
  const carrier = { name: 'carrier', kind: 'static', host: '192.0.2.10', numbers, inbound, variables };
  const { data: trunk } = (await api.call('POST', '/trunks', carrier)).body;
  const add = (body: object) => api.call('POST', '/routes', body);
  await add({ name: 'off', enabled: false, target: { type: 'reject' } });
  await add({ ...FULL, enabled: true, match: { schedule: { timezone: 'Europe/Berlin', dates: ['12-25'] } } });
  await add({ name: 'gold', match: { headers: { 'x-tier': 'gold' }, trunks: ['carrier'] }, target: DEMO });
  await add({ name: 'gone', match: { called: ['404'] }, target: { type: 'agent', agent: 'nobody' } });
  await add({ name: 'spam', match: { anonymous: true }, target: { type: 'reject', status: 603 } });
  await add({ name: 'moved', match: { callers: ['+4420*'] }, target: { type: 'redirect', to: '+49301' } });
  const test = async (body: object) =>
    (await api.call('POST', '/routes/test', { at: '2026-11-23T10:00:00Z', ...body })).body.data;

  const gold = await test({ called: '030123', caller: '030555', trunk: 'carrier', headers: { 'X-TIER': 'Gold' } });
  t.match(gold, { decided_by: 'route', route: { name: 'gold' }, target: DEMO, agent: { id: null }, variables: { tier: 'Gold' } });
  t.match(gold.considered, [
    { name: 'Closed', mismatch: 'schedule' },
    { name: 'gold', mismatch: null },
  ]);
  const ruled = await test({ called: '030123', caller: '030555', trunk: trunk.id });
  t.match(ruled, {
    decided_by: 'trunk',
    route: null,
    target: { agent: 'front-desk' },
    agent: { id: agent.id, name: agent.name },
  });
  t.equal(ruled.considered.length, 5);
  t.match(await test({ called: 'front-desk', caller: '1' }), {
    decided_by: 'user',
    route: null,
    target: null,
    agent: { id: agent.id },
  });
  t.match(await test({ called: 'x', caller: '1' }), { decided_by: 'nobody', agent: null });
  t.match(await test({ called: '404', caller: '1' }), { decided_by: 'route', route: { name: 'gone' }, agent: null });
  t.match(await test({ called: 'echo' }), { route: { name: 'spam' }, agent: null }, 'a caller that is not named is anonymous');
  t.match(await test({ called: 'echo', caller: '00442071234567', trunk: 'carrier' }), { route: { name: 'moved' } });
  const christmas = await test({ called: 'x', at: '2026-12-25T10:00:00+01:00' });
  t.match(christmas, { route: { name: 'Closed' }, target: { type: 'announcement', agent: 'front-desk' } });
  t.equal((await api.call('POST', '/routes/test', { called: 'x', trunk: 'unknown' })).status, 404);
  t.equal((await api.call('POST', '/routes/test', {})).status, 400);
});
