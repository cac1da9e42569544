import t from 'tap';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';
import { sampleAgent } from '../../support/sample-records.js';

const CSV = { 'content-type': 'text/csv' };
const numbersOf = async (api: HttpHarness, query = ''): Promise<string[]> =>
  (await api.call('GET', `/do-not-call${query}`)).body.data.map((entry: { number: string }) => entry.number);

void t.test('POST /do-not-call 201 for one number, 200 when it is listed already', async (t) => {
  const api = await startHarness(t);
  const body = { number: '+442071234567', reason: 'asked by e-mail', expires_at: '2031-01-01T01:00:00+01:00' };
  const created = await api.call('POST', '/do-not-call', body);
  t.equal(created.status, 201);
  t.match(created.body, { success: true, meta: { request_id: String } });
  const entry = {
    number: '+442071234567',
    reason: 'asked by e-mail',
    source: 'api',
    call_id: null,
    created_at: new Date(api.clock.nowMs()).toISOString(),
    expires_at: '2031-01-01T00:00:00.000Z',
  };
  t.same(created.body.data, entry);
  const again = await api.call('POST', '/do-not-call', { number: '+442071234567', reason: 'again' });
  t.equal(again.status, 200);
  t.same(again.body.data, { ...entry, expires_at: null }, 'its entry stays, but for good');
  t.same((await api.call('GET', '/do-not-call/+442071234567')).body.data, { ...entry, expires_at: null });
  t.same((await api.call('GET', '/do-not-call/%2B442071234567')).body.data.number, '+442071234567');
});

void t.test('POST /do-not-call 201 for many, as JSON and as CSV', async (t) => {
  const api = await startHarness(t);
  const entries = [{ number: '+12' }, { number: '+13', reason: 'x' }, { number: '+12' }];
  const json = await api.call('POST', '/do-not-call', { entries });
  t.match(json, { status: 201, body: { data: { added: 2, already_listed: 0 } } });
  const file = '\ufeffReason,Phone,ignored\r\n"said ""no"", twice",+44 (20) 7123-4567,1\r\n\r\n,+13,2\r\n';
  const csv = await api.call('POST', '/do-not-call', file.replace('Reason', 'reason'), CSV);
  t.match(csv, { status: 201, body: { data: { added: 1, already_listed: 1 } } });
  t.match((await api.call('GET', '/do-not-call')).body.data, [
    { number: '+442071234567', reason: 'said "no", twice', source: 'csv' },
    { number: '+13', reason: 'x', source: 'import' },
    { number: '+12', reason: null, source: 'import' },
  ]);
});

void t.test('POST /do-not-call 400: every fault is named, and nothing is listed', async (t) => {
  const api = await startHarness(t);
  const json: [unknown, string][] = [
    [{}, 'number'],
    [{ number: '12' }, 'number'],
    [{ number: 12 }, 'number'],
    [{ number: '+12', expires_at: 'soon' }, 'expires_at'],
    [{ number: '+12', reason: 'x'.repeat(501) }, 'reason'],
    [{ number: '+12', reason: 'a\u0000b' }, 'reason'],
    [{ number: '+12', tenant: 'x' }, 'tenant'],
    [{ entries: [] }, 'entries'],
    [{ entries: 'x' }, 'entries'],
    [{ entries: [{ number: '+12' }, { number: '0' }] }, 'entries.1.number'],
    [{ entries: [{ number: '+12' }], number: '+12' }, 'number'],
    [[{ number: '+12' }], 'body'],
  ];
  for (const [body, field] of json) {
    const answer = await api.call('POST', '/do-not-call', body);
    t.equal(answer.status, 400, field);
    t.match(answer.body, { success: false, details: { fields: [{ field }] } });
  }
  const csv: [string, string, RegExp?][] = [
    ['', 'row 1'],
    ['\n\n+12', 'row 1'],
    ['name\n+12', 'row 1', /number, phone or to_number/],
    ['number,phone\n+12,+13', 'row 1', /more than one/],
    ['number,\n+12,x', 'row 1, column 2'],
    ['number,number\n+12,x', 'row 1, column 2'],
    ['number', 'body', /row under the header/],
    ['number\n+12\n\n0123', 'row 4, column number', /E\.164/],
    ['phone,expires_at\n+12,soon', 'row 2, column expires_at'],
    ['number,reason\n+12', 'row 2', /1 columns, the header has 2/],
    ['number,reason\n+12,a,b', 'row 2', /3 columns, the header has 2/],
    ['number,reason\n+12,"open', 'line 2', /not closed/],
    ['number,reason\n+12,"a" b', 'line 2', /quoted/],
    [`number\n${'+12\n'.repeat(10_001)}`, 'body', /10000 rows/],
  ];
  for (const [body, field, message = /./] of csv) {
    const answer = await api.call('POST', '/do-not-call', body, CSV);
    t.equal(answer.status, 400, JSON.stringify(body.slice(0, 40)));
    t.match(answer.body.details?.fields, [{ field, message }], field);
  }
  const latin = await api.raw('/api/v1/do-not-call', {
    method: 'POST',
    headers: { authorization: `Bearer ${api.key}`, ...CSV },
    body: Buffer.from('number,reason\n+12,caf\xe9', 'latin1'),
  });
  t.equal(latin.status, 400, 'not UTF-8');
  t.equal((await api.call('POST', '/do-not-call', `number\n${'+12\n'.repeat(400_000)}`, CSV)).status, 413);
  t.equal((await api.call('POST', '/do-not-call', 'number\n+12', { 'content-type': 'text/plain' })).status, 400);
  t.equal((await api.call('GET', '/do-not-call')).body.meta.total, 0);
});

void t.test('GET /do-not-call 200: search, source and pages; 400 for absurd ones', async (t) => {
  const api = await startHarness(t);
  await api.call('POST', '/do-not-call', {
    entries: [{ number: '+441' }, { number: '+442', reason: 'angry' }, { number: '+493' }],
  });
  await api.call('POST', '/do-not-call', { number: '+444' });
  t.same(await numbersOf(api), ['+444', '+493', '+442', '+441']);
  t.same(await numbersOf(api, '?search=%2B44'), ['+444', '+442', '+441']);
  t.same(await numbersOf(api, '?search=ANGRY'), ['+442']);
  t.same(await numbersOf(api, '?source=api'), ['+444']);
  t.same(await numbersOf(api, '?limit=1&offset=1'), ['+493']);
  for (const query of ['limit=0', 'limit=101', 'offset=-1', 'source=x', 'search=a&search=b', `search=${'x'.repeat(101)}`]) {
    t.equal((await api.call('GET', `/do-not-call?${query}`)).status, 400, query);
  }
});

void t.test('DELETE /do-not-call/:number 200: it may be called again; 404 for one that is not listed', async (t) => {
  const api = await startHarness(t);
  await api.call('POST', '/do-not-call', { number: '+12' });
  t.match(await api.call('DELETE', '/do-not-call/+12'), { status: 200, body: { data: { number: '+12', deleted: true } } });
  for (const path of ['/do-not-call/+12', '/do-not-call/12', "/do-not-call/'%20OR%201=1", `/do-not-call/${'9'.repeat(3000)}`]) {
    for (const method of ['GET', 'DELETE']) {
      const answer = await api.call(method, path);
      t.equal(answer.status, 404, path);
      t.equal(answer.body.error, 'The number is not on the do-not-call list');
    }
  }
});

void t.test("another tenant's list is another list", async (t) => {
  const api = await startHarness(t);
  const theirs = { authorization: `Bearer ${api.otherKey}` };
  await api.call('POST', '/do-not-call', { number: '+12' });
  t.equal((await api.call('GET', '/do-not-call/+12', undefined, theirs)).status, 404);
  t.equal((await api.call('DELETE', '/do-not-call/+12', undefined, theirs)).status, 404);
  t.same((await api.call('GET', '/do-not-call', undefined, theirs)).body.meta.total, 0);
  t.equal((await api.call('POST', '/do-not-call', { number: '+12' }, theirs)).status, 201);
  t.equal((await api.call('GET', '/do-not-call/+12')).status, 200);
});

void t.test('Idempotency-Key: the same CSV once', async (t) => {
  const api = await startHarness(t);
  const headers = { ...CSV, 'idempotency-key': 'k1' };
  const first = await api.call('POST', '/do-not-call', 'number\n+12', headers);
  const second = await api.call('POST', '/do-not-call', 'number\n+12', headers);
  t.same(second.body, first.body);
  t.equal(second.headers.get('idempotent-replayed'), 'true');
  t.equal((await api.call('POST', '/do-not-call', 'number\n+13', headers)).status, 409);
});

void t.test('POST /tasks/:id/execute 409: a listed number is not called, whenever it was listed', async (t) => {
  const api = await startHarness(t);
  const agent = sampleAgent();
  await api.database.agents.insert(agent);
  const draft = { agent_id: agent.id, name: 'x', to_number: '+15550100' };
  const { id } = (await api.call('POST', '/tasks', draft)).body.data;
  await api.call('POST', '/do-not-call', { number: '+15550100', expires_at: new Date(api.clock.nowMs() + 1000).toISOString() });
  const refused = await api.call('POST', `/tasks/${id}/execute`);
  t.match(refused, { status: 409, body: { success: false, error: /do_not_call/ } });
  t.equal((await api.call('GET', '/calls')).body.meta.total, 0);
  api.clock.advance(1000);
  t.equal((await api.call('POST', `/tasks/${id}/execute`)).status, 200, 'its time is over');
});

void t.test('agents: what they do when somebody asks not to be called again', async (t) => {
  const api = await startHarness(t);
  const optOut = { phrases: ['lass mich in ruhe'], say: 'Gut.', end_call: false };
  const dtmf = { '9': { action: 'do_not_call', end_call: true } };
  const draft = { name: 'Desk', system_prompt: 'Be brief.', do_not_call: optOut, dtmf_rules: dtmf };
  const { data: agent } = (await api.call('POST', '/agents', draft)).body;
  t.match(agent, { do_not_call: optOut, dtmf_rules: dtmf });
  t.same((await api.call('GET', `/agents/${agent.id}`)).body.data.do_not_call, optOut);
  t.same((await api.call('PATCH', `/agents/${agent.id}`, { do_not_call: { phrases: [] } })).body.data.do_not_call, {
    phrases: [],
  });
  t.equal((await api.call('PATCH', `/agents/${agent.id}`, { do_not_call: null })).body.data.do_not_call, null);
  for (const [change, field] of [
    [{ do_not_call: { phrases: 'stop' } }, 'do_not_call.phrases'],
    [{ do_not_call: { phrases: [''] } }, 'do_not_call.phrases.0'],
    [{ do_not_call: { shout: true } }, 'do_not_call.shout'],
    [{ dtmf_rules: { '9': { action: 'fly' } } }, 'dtmf_rules.9.action'],
    [{ dtmf_rules: { '9': { action: 'do_not_call', intent: 'x' } } }, 'dtmf_rules.9'],
  ] as const) {
    const answer = await api.call('PATCH', `/agents/${agent.id}`, change);
    t.equal(answer.status, 400, field);
    t.match(answer.body.details.fields, [{ field }]);
  }
});
