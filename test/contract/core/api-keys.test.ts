import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';
import { ask, logIn } from '../../support/people.js';

const use = async (api: HttpHarness, key: string, path = '/agents'): Promise<number> =>
  (await ask(api, 'GET', path, undefined, { authorization: `Bearer ${key}` })).status;

void t.test('a key is shown once, works by its scopes, and is listed without its secret', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const expires = new Date(api.clock.nowMs() + 60_000).toISOString();
  const created = await admin.call('POST', '/api-keys', { name: ' CRM ', scopes: ['agents:read'], expires_at: expires });
  t.equal(created.status, 201);
  const { key, ...shown } = created.body.data;
  t.match(key, /^va_[\w-]{43}$/);
  t.match(shown, { name: 'CRM', prefix: key.slice(0, 11), scopes: ['agents:read'], status: 'active', expires_at: expires });
  t.same([await use(api, key), await use(api, key, '/calls')], [200, 403]);

  const listed = await admin.call('GET', '/api-keys?limit=1');
  t.match(listed.body, { data: [{ ...shown, last_used_at: String }], meta: { total: 2, limit: 1, offset: 0 } });
  t.notOk(JSON.stringify(listed.body).includes(key.slice(12)));
  api.clock.advance(60_000);
  t.equal(await use(api, key), 401);
  t.equal((await admin.call('GET', '/api-keys')).body.data[0].status, 'expired');
});

void t.test('a key without scopes may do all that keys may', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  for (const scopes of [undefined, null]) {
    const { data } = (await admin.call('POST', '/api-keys', { name: 'all', scopes })).body;
    t.equal(data.scopes, null);
    t.same([await use(api, data.key), await use(api, data.key, '/users')], [200, 403]);
  }
});

void t.test('another secret stops the old one at once; a revoked key stops and gets none', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const { data: first } = (await admin.call('POST', '/api-keys', { name: 'CRM', scopes: ['agents:read'] })).body;
  const second = await admin.call('POST', `/api-keys/${first.id}/regenerate`);
  t.match(second, { status: 200, body: { data: { id: first.id, scopes: ['agents:read'], key: /^va_/ } } });
  t.same([await use(api, first.key), await use(api, second.body.data.key)], [401, 200]);
  t.same((await admin.call('DELETE', `/api-keys/${first.id}`)).body.data, { id: first.id, deleted: true });
  t.equal(await use(api, second.body.data.key), 401);
  t.match((await admin.call('GET', '/api-keys')).body.data[0], { id: first.id, status: 'revoked', revoked_at: String });
  t.equal((await admin.call('POST', `/api-keys/${first.id}/regenerate`)).status, 404);
  t.equal((await admin.call('DELETE', `/api-keys/${first.id}`)).status, 404);
});

void t.test('400 names what is wrong with a key, and makes none', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const before = (await admin.call('GET', '/api-keys')).body.meta.total;
  for (const [body, field] of [
    [{}, 'name'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'x', scopes: [] }, 'scopes'],
    [{ name: 'x', scopes: ['users:write'] }, 'scopes.0'],
    [{ name: 'x', expires_at: '2001-01-01T00:00:00Z' }, 'expires_at'],
    [{ name: 'x', expires_at: 'tomorrow' }, 'expires_at'],
    [{ name: 'x', key: 'va_mine' }, 'key'],
  ] as const) {
    t.match(await admin.call('POST', '/api-keys', body), { status: 400, body: { details: { fields: [{ field }] } } }, field);
  }
  t.equal((await admin.call('GET', '/api-keys')).body.meta.total, before);
});

void t.test('an answer that shows a secret is not given again, and what it made is not made twice', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const headers = { 'idempotency-key': 'order-1' };
  const create = (): Promise<Answer> => admin.call('POST', '/api-keys', { name: 'CRM' }, headers);
  const first = await create();
  const again = await create();
  t.same([first.status, again.status], [201, 409]);
  t.match(again.body.error, /showed a secret/);
  t.equal((await api.database.keys.list(DEFAULT_TENANT)).length, 2, 'the one of the harness, and one');
  t.equal((await admin.call('POST', '/api-keys', { name: '' }, { 'idempotency-key': 'order-2' })).status, 400);
  const repeated = await admin.call('POST', '/api-keys', { name: '' }, { 'idempotency-key': 'order-2' });
  t.equal(repeated.headers.get('idempotent-replayed'), 'true', 'a refusal shows none');
});

void t.test('limits are given with a key, changed and taken away; what is none is 400 and changes nothing', async (t) => {
  const api = await startHarness(t);
  const admin = await logIn(api, { role: 'admin' });
  const limits = { allowed_prefixes: ['+49'], calls_per_hour: 10 };
  const { data } = (await admin.call('POST', '/api-keys', { name: 'CRM', limits })).body;
  t.same(data.limits, limits);
  const change = (changed: unknown): Promise<Answer> => admin.call('PATCH', `/api-keys/${data.id}`, { limits: changed });
  t.match(await change({ calls_per_day: 0 }), { status: 200, body: { data: { id: data.id, limits: { calls_per_day: 0 } } } });
  for (const bad of [{ calls_per_hour: -1 }, { allowed_prefixes: ['49'] }, { calls_per_year: 1 }, 5, undefined])
    t.equal((await change(bad)).status, 400, JSON.stringify(bad));
  const listed = async (): Promise<unknown> => (await admin.call('GET', '/api-keys')).body.data[0].limits;
  t.same(await listed(), { calls_per_day: 0 });
  t.equal((await change(null)).status, 200);
  t.equal(await listed(), null);
});
