import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { refused } from '../../support/fake-trunk-signalling.js';
import { startHarness } from '../../support/http-harness.js';
import { until } from '../../support/until.js';

const REGISTERED = {
  name: 'Provider',
  kind: 'register',
  host: 'sip.provider.example',
  username: '4930123456',
  password: 'hunter2 of the trunk',
};
const FULL = {
  name: 'PBX',
  kind: 'static',
  enabled: false,
  host: '192.0.2.10',
  port: 5070,
  transport: 'tcp',
  outbound_proxy: 'sip:192.0.2.1:5060;transport=tcp',
  backup_servers: ['sip2.provider.example', '192.0.2.2:5070', '[2001:db8::1]:5060'],
  tls_pins: [`sha256/${'A'.repeat(43)}=`],
  keep_alive_seconds: 20,
  nat: 'auto',
  username: 'offhook',
  auth_username: 'offhook-auth',
  expires_seconds: 600,
  ping_seconds: 30,
  codecs: ['PCMA', 'opus'],
  dtmf: 'info',
  tone_detection: 'report',
  srtp: 'require',
  echo_cancellation: 'off',
  noise_suppression: 'on',
  identity: {
    from_user: '+4930123456',
    from_domain: 'pbx.example',
    display_name: 'Zoë & Söhne',
    asserted_identity: '+4930123456',
    preferred_identity: 'sip:desk@pbx.example',
    user_phone: true,
    anonymous: false,
  },
  '100rel': 'require',
  early_media: 'ignore',
  redirects: { policy: 'same_host', max: 2 },
  first_response_ms: 2500,
  answer: { mode: 'early_media', within_ms: 1500, announcement: 'This call is recorded.' },
  numbers: { country: 'DE', out: 'national', in: 'national' },
  sources: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.9'],
  max_concurrent_calls: 10,
  calls_per_second: 2.5,
  headers: { 'X-Account': '42' },
  dialog_headers: { bye: { 'X-Customer': '{{customer_id}}' }, refer: {}, refer_to: { 'X-Agent': '{{agent.name}}' } },
  outbound: [{ prefix: '+49', priority: 10, weight: 3 }],
  failover_codes: [503],
  inbound: [{ called: '+4930123456', agent: 'front-desk' }],
  variables: [{ name: 'customer_id', header: 'X-Customer-ID', part: 'value' }],
  transfer: 'bridge',
  accept_refer: true,
  session_timer: { mode: 'request', expires_seconds: 600, min_se_seconds: 120, refresher: 'them', refresh_method: 'invite' },
  delayed_offer: true,
};
const NO_TRUNK = '/trunks/0197e3b0-0000-7000-8000-000000000000';

void t.test('POST /trunks 201: a registered trunk with defaults; its password is nowhere to be seen', async (t) => {
  const lines: string[] = [];
  const note = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
  const log = { debug: note, info: note, warn: note, error: note, child: () => log };
  const api = await startHarness(t, { log });
  const { status, body } = await api.call('POST', '/trunks', REGISTERED);
  t.equal(status, 201);
  const { password, ...shown } = REGISTERED;
  t.match(body.data, {
    ...shown,
    enabled: true,
    has_password: true,
    port: null,
    transport: 'udp',
    codecs: ['PCMU', 'PCMA', 'G722', 'opus'],
    numbers: { country: null, out: 'e164', in: 'e164' },
    failover_codes: [408, 480, 500, 502, 503, 504],
    outbound: [],
    inbound: [],
    '100rel': null,
    early_media: 'accept',
    redirects: { policy: 'refuse', max: 3 },
    first_response_ms: null,
    answer: { mode: 'when_ready', within_ms: null, announcement: null },
    version: 1,
  });
  const answers = [body, (await api.call('GET', `/trunks/${body.data.id}`)).body, (await api.call('GET', '/trunks')).body];
  await api.call('POST', '/trunks', { ...REGISTERED, name: 7 });
  t.notMatch(JSON.stringify([answers, lines]), /hunter2/);
  const sqlite = new Sqlite(join(api.dataDir, 'offhook.db'));
  const rows = sqlite.prepare('SELECT * FROM trunks').all() as { sealed_password: string }[];
  sqlite.close();
  t.match(rows[0]?.sealed_password, /^v1\./);
  t.notMatch(JSON.stringify(rows), password);
  t.notOk(readFileSync(join(api.dataDir, 'offhook.db')).includes(password));
});

void t.test('POST /trunks 201: every field comes back as it was sent', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/trunks', { ...FULL, password: 'secret' });
  t.equal(status, 201);
  const { id, version, created_at, updated_at, has_password, ...sent } = body.data;
  t.same(sent, FULL);
  t.ok(id && version === 1 && created_at && updated_at && has_password);
  t.same((await api.call('GET', `/trunks/${id}`)).body.data, body.data);
});

void t.test('POST /trunks 400: every fault is named at once', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/trunks', {
    name: 'x',
    kind: 'friendly',
    host: 'not a host',
    port: 70_000,
    transport: 'sctp',
    outbound_proxy: 'http://proxy',
    username: 'a b',
    codecs: ['G729'],
    identity: { from_user: 'x>y', asserted_identity: '030 123' },
    numbers: { out: 'national' },
    sources: ['10.0.0.0/33', 'everybody'],
    headers: { Via: 'x', 'X-Break': 'a\r\nb' },
    outbound: [{ prefix: '49' }],
    failover_codes: [486, 603, 200],
    inbound: [{ called: '*x', agent: 'demo' }],
  });
  t.equal(status, 400);
  const fields: string[] = body.details.fields.map((fault: { field: string }) => fault.field);
  for (const field of [
    'kind',
    'host',
    'port',
    'transport',
    'outbound_proxy',
    'username',
    'codecs.0',
    'identity.from_user',
    'identity.asserted_identity',
    'numbers.country',
    'sources.0',
    'sources.1',
    'headers.Via',
    'headers.X-Break',
    'outbound.0.prefix',
    'failover_codes.0',
    'failover_codes.1',
    'failover_codes.2',
    'inbound.0.called',
  ]) {
    t.ok(fields.includes(field), field);
  }
  t.match(
    (await api.call('POST', '/trunks', { ...FULL, secret: 'x' })).body.details.fields,
    [{ field: 'secret' }],
    'and what is no field',
  );
});

void t.test('400 for what cannot register, also after a change', async (t) => {
  const api = await startHarness(t);
  const bare = await api.call('POST', '/trunks', { name: 'x', kind: 'register', host: 'h.example' });
  t.equal(bare.status, 400);
  t.match(bare.body.details.fields, [{ field: 'username' }, { field: 'password' }]);
  const { data: trunk } = (await api.call('POST', '/trunks', REGISTERED)).body;
  t.equal((await api.call('PATCH', `/trunks/${trunk.id}`, { password: null })).status, 400);
  t.equal((await api.call('PATCH', `/trunks/${trunk.id}`, { username: null })).status, 400);
  t.same((await api.call('GET', `/trunks/${trunk.id}`)).body.data, trunk);
});

void t.test('PATCH /trunks/:id 200: only what is sent changes; the password can be replaced and cleared', async (t) => {
  const api = await startHarness(t);
  const { data: trunk } = (await api.call('POST', '/trunks', { ...FULL, password: 'secret' })).body;
  const { status, body } = await api.call('PATCH', `/trunks/${trunk.id}`, { enabled: true, port: null, sources: [] });
  t.equal(status, 200);
  t.same({ ...body.data, updated_at: '' }, { ...trunk, enabled: true, port: null, sources: [], version: 2, updated_at: '' });
  t.equal((await api.call('PATCH', `/trunks/${trunk.id}`, { password: null })).body.data.has_password, false);
  t.equal((await api.call('PATCH', `/trunks/${trunk.id}`, { password: 'new' })).body.data.has_password, true);
  t.equal((await api.call('PATCH', NO_TRUNK, { enabled: true })).status, 404);
  const five = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => api.call('PATCH', `/trunks/${trunk.id}`, { expires_seconds: 60 + n })),
  );
  t.same(
    five.map((answer) => answer.status),
    [200, 200, 200, 200, 200],
  );
});

void t.test('409: two trunks of one name in an organisation, but not in two', async (t) => {
  const api = await startHarness(t);
  await api.call('POST', '/trunks', FULL);
  const { data: second } = (await api.call('POST', '/trunks', { ...FULL, name: 'Second' })).body;
  const again = await api.call('POST', '/trunks', FULL);
  t.equal(again.status, 409);
  t.match(again.body.details.fields, [{ field: 'name' }]);
  t.equal((await api.call('PATCH', `/trunks/${second.id}`, { name: 'PBX' })).status, 409);
  const other = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('POST', '/trunks', FULL, other)).status, 201);
});

void t.test('GET /trunks 200: newest first, in pages; DELETE 200 once, then 404', async (t) => {
  const api = await startHarness(t);
  for (const name of ['a', 'b', 'c']) await api.call('POST', '/trunks', { ...FULL, name });
  const page = await api.call('GET', '/trunks?limit=2&offset=1');
  t.same(
    page.body.data.map((trunk: { name: string }) => trunk.name),
    ['b', 'a'],
  );
  t.match(page.body.meta, { total: 3, limit: 2, offset: 1 });
  t.equal((await api.call('GET', '/trunks?limit=0')).status, 400);
  const { id } = page.body.data[0];
  t.same((await api.call('DELETE', `/trunks/${id}`)).body.data, { id, deleted: true });
  for (const method of ['GET', 'DELETE']) t.equal((await api.call(method, `/trunks/${id}`)).status, 404, method);
  t.equal((await api.call('POST', '/trunks', { ...FULL, name: 'b' })).status, 201, 'the name is free again');
});

void t.test('GET /trunks/:id/status 200: what it is doing, and why not', async (t) => {
  const api = await startHarness(t);
  const statusOf = async (body: object) => {
    const { data: trunk } = (await api.call('POST', '/trunks', body)).body;
    await new Promise((resolve) => setImmediate(resolve));
    return { trunk, status: (await api.call('GET', `/trunks/${trunk.id}/status`)).body.data };
  };
  const idle = { last_error: null, expires_at: null, next_attempt_at: null };
  const off = await statusOf(FULL);
  t.same(off.status, { id: off.trunk.id, state: 'disabled', ...idle });
  const still = await statusOf({ ...FULL, name: 'on', enabled: true });
  t.same(still.status, { id: still.trunk.id, state: 'ready', ...idle });
  const bound = await statusOf(REGISTERED);
  t.match(bound.status, {
    state: 'registered',
    last_error: null,
    expires_at: new Date(api.clock.nowMs() + 3_600_000).toISOString(),
  });
  t.match(api.trunks.bindings[0]?.access, { username: REGISTERED.username, credentials: { password: REGISTERED.password } });
  api.trunks.answer = () => refused(403, { reason: 'Forbidden', credentialsRefused: true });
  const failed = await statusOf({ ...REGISTERED, name: 'wrong', password: 'hunter3' });
  t.match(failed.status, { state: 'failed', last_error: { code: 403, message: '403 Forbidden: user name or password refused' } });
  t.notMatch(JSON.stringify(failed), /hunter/);
  await api.call('DELETE', `/trunks/${bound.trunk.id}`);
  t.equal((await api.call('GET', `/trunks/${bound.trunk.id}/status`)).status, 404);
  await until(() => api.trunks.bindings[0]?.asked.at(-1) === 0);
});

void t.test('POST /trunks 400: servers, pins and intervals that are none', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await api.call('POST', '/trunks', {
    ...FULL,
    backup_servers: ['a b', 'host:0', 'sip2.provider.example:5060'],
    tls_pins: ['sha1/AAAA'],
    keep_alive_seconds: 1,
  });
  t.equal(status, 400);
  const fields: string[] = body.details.fields.map((fault: { field: string }) => fault.field);
  t.same(fields.sort(), ['backup_servers.0', 'backup_servers.1', 'keep_alive_seconds', 'tls_pins.0']);
});
