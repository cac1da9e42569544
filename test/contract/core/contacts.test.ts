import t from 'tap';
import { newContactId } from '../../../src/core/ids.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

const CSV = { 'content-type': 'text/csv' };
const ANN = {
  phone: '+442071234567',
  name: 'Ann Smith',
  email: 'ann@example.com',
  tags: ['vip', 'spring'],
  custom_fields: { appointment: 'Monday', orders: 3, newsletter: true, note: null },
};

const create = async (api: HttpHarness, body: object): Promise<string> => {
  const { status, body: answer } = await api.call('POST', '/contacts', body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
  return answer.data.id;
};
const phonesOf = async (api: HttpHarness, query = ''): Promise<string[]> =>
  (await api.call('GET', `/contacts${query}`)).body.data.map((contact: { phone: string }) => contact.phone);
const ofOther = (api: HttpHarness) => ({ authorization: `Bearer ${api.otherKey}` });

void t.test('POST /contacts 201: everything comes back as it was sent; one number is one contact', async (t) => {
  const api = await startHarness(t);
  const created = await api.call('POST', '/contacts', ANN);
  t.equal(created.status, 201);
  const at = new Date(api.clock.nowMs()).toISOString();
  t.same(created.body.data, { id: created.body.data.id, ...ANN, do_not_call: false, created_at: at, updated_at: at });
  t.same((await api.call('GET', `/contacts/${created.body.data.id}`)).body.data, created.body.data);
  t.match((await api.call('POST', '/contacts', { phone: '+13' })).body.data, {
    name: null,
    email: null,
    tags: [],
    custom_fields: {},
  });
  const again = await api.call('POST', '/contacts', { phone: ANN.phone });
  t.match(again, { status: 409, body: { error: 'Another contact has this phone number' } });
  t.equal((await api.call('POST', '/contacts', { phone: ANN.phone }, ofOther(api))).status, 201, 'each tenant has its own book');
});

void t.test('POST and PATCH /contacts 400: every fault is named, and nothing is changed', async (t) => {
  const api = await startHarness(t);
  const id = await create(api, ANN);
  for (const [change, field] of [
    [{ phone: '12' }, 'phone'],
    [{ phone: null }, 'phone'],
    [{ name: ' ' }, 'name'],
    [{ email: 'ann' }, 'email'],
    [{ tags: 'vip' }, 'tags'],
    [{ tags: [''] }, 'tags.0'],
    [{ custom_fields: { a: {} } }, /^custom_fields/],
    [{ custom_fields: [] }, 'custom_fields'],
    [{ do_not_call: 'yes' }, 'do_not_call'],
    [{ id: 'x' }, 'id'],
  ] as const) {
    const body = { phone: '+19', ...change };
    for (const answer of [await api.call('POST', '/contacts', body), await api.call('PATCH', `/contacts/${id}`, change)]) {
      t.equal(answer.status, 400, JSON.stringify(change));
      t.match(answer.body.details?.fields, [{ field }]);
    }
  }
  t.same(await phonesOf(api), [ANN.phone]);
});

void t.test('GET /contacts 200: newest first, by text, tag and do-not-call flag, in pages', async (t) => {
  const api = await startHarness(t);
  await create(api, ANN);
  await create(api, { phone: '+13', name: 'Bob 100%', do_not_call: true });
  await create(api, { phone: '+14', tags: ['vip'] });
  t.same(await phonesOf(api), ['+14', '+13', ANN.phone]);
  t.same(await phonesOf(api, '?search=smith'), [ANN.phone]);
  t.same(await phonesOf(api, '?search=ANN@'), [ANN.phone]);
  t.same(await phonesOf(api, '?search=0%25'), ['+13']);
  t.same(await phonesOf(api, '?tag=vip'), ['+14', ANN.phone]);
  t.same(await phonesOf(api, '?tag=vi'), []);
  t.same(await phonesOf(api, '?do_not_call=true'), ['+13']);
  t.same(await phonesOf(api, '?do_not_call=false&tag=vip&limit=1&offset=1'), [ANN.phone]);
  t.match((await api.call('GET', '/contacts?tag=vip&limit=1')).body.meta, { total: 2, limit: 1, offset: 0 });
  for (const query of ['do_not_call=1', 'tag=', 'limit=0']) t.equal((await api.call('GET', `/contacts?${query}`)).status, 400);
  t.same((await api.call('GET', '/contacts', undefined, ofOther(api))).body.data, []);
});

void t.test('PATCH /contacts/:id 200: what is sent replaces, null clears, the rest stays', async (t) => {
  const api = await startHarness(t);
  const id = await create(api, ANN);
  const patch = { name: null, custom_fields: { orders: 4 }, phone: '+15' };
  t.match((await api.call('PATCH', `/contacts/${id}`, patch)).body.data, { ...ANN, ...patch });
  await create(api, { phone: '+16' });
  t.equal((await api.call('PATCH', `/contacts/${id}`, { phone: '+16' })).status, 409);
  t.equal((await api.call('PATCH', `/contacts/${id}`, { name: 'Stolen' }, ofOther(api))).status, 404);
  t.equal((await api.call('PATCH', `/contacts/${newContactId()}`, {})).status, 404);
});

void t.test('the do-not-call flag is that of the list, whoever changes either', async (t) => {
  const api = await startHarness(t);
  const id = await create(api, { ...ANN, do_not_call: true });
  const flag = async (): Promise<boolean> => (await api.call('GET', `/contacts/${id}`)).body.data.do_not_call;
  const listed = async (): Promise<number> => (await api.call('GET', `/do-not-call/${ANN.phone}`)).status;
  t.same([await flag(), await listed()], [true, 200]);
  await api.call('DELETE', `/do-not-call/${ANN.phone}`);
  t.equal(await flag(), false);
  await api.call('POST', '/do-not-call', { number: ANN.phone, expires_at: new Date(api.clock.nowMs() + 1000).toISOString() });
  t.equal(await flag(), true);
  api.clock.advance(1000);
  t.equal(await flag(), false, 'its time is over');
  t.equal((await api.call('PATCH', `/contacts/${id}`, { do_not_call: true })).body.data.do_not_call, true);
  t.equal(await listed(), 200);
  t.equal((await api.call('PATCH', `/contacts/${id}`, { do_not_call: false })).body.data.do_not_call, false);
  t.equal(await listed(), 404);
  await api.call('PATCH', `/contacts/${id}`, { do_not_call: true });
  t.match(await api.call('DELETE', `/contacts/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  t.equal(await listed(), 200, 'a wish outlives the contact');
  t.equal((await api.call('DELETE', `/contacts/${id}`)).status, 404);
});

const imported = (api: HttpHarness, body: unknown, query = '', headers?: Record<string, string>): Promise<Answer> =>
  api.call('POST', `/contacts/import${query}`, body, headers);

void t.test('POST /contacts/import 201: JSON and CSV', async (t) => {
  const api = await startHarness(t);
  t.match(await imported(api, { contacts: [ANN, { phone: '+13' }] }), {
    status: 201,
    body: { data: { created: 2, rejected: 0 } },
  });
  const csv =
    '\ufeffName,Phone,email,tags,do_not_call,"day, time"\r\n"Smith, Bob",+1 (555) 01-23,b@example.com,a; b,yes,Monday\r\n,+14,,,,\r\n';
  t.match(await imported(api, csv, '', CSV), { status: 201, body: { data: { created: 2, updated: 0 } } });
  const [, bob] = (await api.call('GET', '/contacts')).body.data;
  t.match(bob, {
    phone: '+15550123',
    name: 'Smith, Bob',
    email: 'b@example.com',
    tags: ['a', 'b'],
    do_not_call: true,
    custom_fields: { 'day, time': 'Monday' },
  });
});

void t.test(
  'POST /contacts/import 400: the place of every fault, and nobody is taken in; with partial the others are',
  async (t) => {
    const api = await startHarness(t);
    await create(api, { phone: '+19' });
    const file = 'phone,email,do_not_call\n+12,x,\n13,,\n+14,,perhaps\n+15,,\n+15,,\n+19,,\n';
    const fields = [
      'row 2, column email',
      'row 3, column phone',
      'row 4, column do_not_call',
      'row 6, column phone',
      'row 7, column phone',
    ];
    const refused = await imported(api, file, '', CSV);
    t.equal(refused.status, 400);
    t.match(
      refused.body.details.fields,
      fields.map((field) => ({ field })),
    );
    for (const body of [{}, { contacts: [] }, { contacts: 'x' }, { contacts: ['x'] }, '', 'phone\n', 'name\nAnn\n']) {
      t.equal((await imported(api, body, '', typeof body === 'string' ? CSV : {})).status, 400, JSON.stringify(body));
    }
    t.same(await phonesOf(api), ['+19']);
    const partial = await imported(api, file, '?partial=true', CSV);
    t.match(partial.body.data, { created: 1, updated: 0, rejected: 5 });
    t.same(
      partial.body.data.rejections.map(({ at, reason }: { at: string; reason: string }) => [at, reason]),
      fields.map((at, index) => [at, ['invalid', 'invalid', 'invalid', 'duplicate', 'already_a_contact'][index]]),
    );
    t.same(await phonesOf(api), ['+15', '+19']);
  },
);

void t.test('POST /contacts/import?update=true: what is sent is merged into what is there', async (t) => {
  const api = await startHarness(t);
  const id = await create(api, ANN);
  const change = { phone: ANN.phone, email: 'new@example.com', custom_fields: { orders: 4, newsletter: false, city: 'Bern' } };
  const answer = await imported(api, { contacts: [change, { phone: '+13' }] }, '?update=true');
  t.match(answer.body.data, { created: 1, updated: 1, rejected: 0 });
  const { data } = (await api.call('GET', `/contacts/${id}`)).body;
  t.match(data, { name: ANN.name, email: 'new@example.com', tags: ANN.tags });
  t.same(data.custom_fields, { appointment: 'Monday', orders: 4, newsletter: false, note: null, city: 'Bern' });
});

void t.test('POST /campaigns/:id/contacts/selection 201: those who may be called, by id or filter', async (t) => {
  const api = await startHarness(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const ids = [
    await create(api, ANN),
    await create(api, { phone: '+13', tags: ['vip'], do_not_call: true }),
    await create(api, { phone: '+14' }),
  ];
  const campaign = (await api.call('POST', '/campaigns', { agent_id: agent.id, name: 'Spring' })).body.data.id as string;
  const select = (body: object, headers?: Record<string, string>): Promise<Answer> =>
    api.call('POST', `/campaigns/${campaign}/contacts/selection`, body, headers);
  const skips = [{ contact_id: ids[1], number: '+13', reason: 'do_not_call' }];
  t.match((await select({ contact_filter: { tag: 'vip' } })).body.data, { added: 1, skipped: 1, skips });
  const again = await select({ contact_ids: [ids[2], ids[0]] });
  t.match(again.body.data, { added: 1, skipped: 1, skips: [{ number: ANN.phone, reason: 'already_a_contact' }] });
  const { data } = (await api.call('GET', `/campaigns/${campaign}/contacts`)).body;
  t.match(data, [
    { number: ANN.phone, name: ANN.name, variables: { email: ANN.email, ...ANN.custom_fields } },
    { number: '+14', name: null, variables: {} },
  ]);
  for (const [body, field] of [
    [{}, 'contact_ids'],
    [{ contact_ids: ids, contact_filter: {} }, 'contact_ids'],
    [{ contact_ids: [] }, 'contact_ids'],
    [{ contact_ids: ['x'] }, 'contact_ids.0'],
    [{ contact_ids: [ids[0], newContactId()] }, 'contact_ids.1'],
  ] as const) {
    const refused = await select(body);
    t.equal(refused.status, 400, JSON.stringify(body));
    t.match(refused.body.details.fields, [{ field }]);
  }
  t.equal((await select({ contact_filter: {} }, ofOther(api))).status, 404);
  await api.call('POST', `/campaigns/${campaign}/cancel`);
  await create(api, { phone: '+15' });
  t.equal((await select({ contact_filter: {} })).status, 409);
});
