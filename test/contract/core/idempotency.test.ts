import { createHash } from 'node:crypto';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { isCore } from '../../support/client-types.js';
import { type Answer, type HttpHarness, startHarness } from '../../support/http-harness.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const AGENT = { name: 'Desk', system_prompt: 'Be brief.', voice_settings: { stability: 0.5, speed: 1 } };

const create = (api: HttpHarness, key: string, body: unknown = AGENT, more: Record<string, string> = {}): Promise<Answer> =>
  api.call('POST', '/agents', body, { 'idempotency-key': key, ...more });
const agentCount = async (api: HttpHarness): Promise<number> => (await api.call('GET', '/agents')).body.meta.total;
const isReplay = ({ headers }: Answer): boolean => headers.get('idempotent-replayed') === 'true';

void t.test('the same again gets the first answer, and nothing is made twice', async (t) => {
  const api = await startHarness(t);
  const first = await create(api, 'order-1');
  t.equal(first.status, 201);
  t.notOk(isReplay(first));
  const again = await create(api, 'order-1');
  t.equal(again.status, 201);
  t.ok(isReplay(again));
  t.match(again.headers.get('content-type'), /^application\/json/);
  t.same(again.body, first.body, 'with the time and request id of the first');
  const rewritten = { voice_settings: { speed: 1, stability: 0.5 }, system_prompt: 'Be brief.', name: 'Desk' };
  t.ok(isReplay(await create(api, 'order-1', JSON.stringify(rewritten, undefined, 2))), 'written down in another way');
  t.equal(await agentCount(api), 1);
});

void t.test('409 for another body with the same key, and the first answer is still there', async (t) => {
  const api = await startHarness(t);
  await create(api, 'k');
  const other = await create(api, 'k', { ...AGENT, name: 'Other' });
  t.equal(other.status, 409);
  t.match(other.body, { success: false, error: /another body/ });
  t.ok(isReplay(await create(api, 'k')));
  t.equal(await agentCount(api), 1);
});

void t.test('of requests at the same moment one is done, the others are told to come again', async (t) => {
  const api = await startHarness(t);
  const { agents } = api.database;
  const insert = agents.insert.bind(agents);
  let goOn = (): void => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    agents.insert = async (agent) => {
      resolve();
      await held;
      await insert(agent);
    };
  });
  const first = create(api, 'k');
  await reached;
  const others = await Promise.all([create(api, 'k'), create(api, 'k'), create(api, 'k', { ...AGENT, name: 'Other' })]);
  t.same(
    others.map(({ status, headers }) => [status, headers.get('retry-after')]),
    Array.from({ length: 3 }, () => [409, '1']),
  );
  goOn();
  t.equal((await first).status, 201);
  t.ok(isReplay(await create(api, 'k')));
  const burst = await Promise.all(Array.from({ length: 10 }, () => create(api, 'burst')));
  t.equal(burst.filter((answer) => answer.status === 201 && !isReplay(answer)).length, 1);
  t.ok(burst.every(({ status }) => status === 201 || status === 409));
  t.equal(await agentCount(api), 2);
});

void t.test('keys of other tenants, API keys and paths have nothing to do with each other', async (t) => {
  const api = await startHarness(t, { adminKey: 'va_bootstrap_0123456789' });
  const { data: mine } = (await create(api, 'k')).body;
  const other = await create(api, 'k', AGENT, { authorization: `Bearer ${api.otherKey}` });
  t.equal(other.status, 201);
  t.notOk(isReplay(other));
  t.not(other.body.data.id, mine.id);
  const sameTenant = await create(api, 'k', AGENT, { authorization: 'Bearer va_bootstrap_0123456789' });
  t.same([sameTenant.status, isReplay(sameTenant)], [201, false]);
  const elsewhere = await api.call('POST', `/calls/${mine.id}/end`, AGENT, { 'idempotency-key': 'k' });
  t.same([elsewhere.status, isReplay(elsewhere)], [404, false]);
  t.ok(isReplay(await api.call('POST', '/Agents/', AGENT, { 'idempotency-key': 'k' })), 'but this is the same path');
});

void t.test('refusals are kept too, failures of ours are not', async (t) => {
  const api = await startHarness(t);
  const refused = await create(api, 'bad', { name: '' });
  t.equal(refused.status, 400);
  const again = await create(api, 'bad', { name: '' });
  t.ok(isReplay(again));
  t.same(again.body, refused.body);
  const { agents } = api.database;
  const insert = agents.insert.bind(agents);
  agents.insert = () => Promise.reject(new Error('disk full'));
  t.equal((await create(api, 'k')).status, 500);
  agents.insert = insert;
  const retried = await create(api, 'k');
  t.same([retried.status, isReplay(retried)], [201, false]);
});

void t.test('the answer outlives a restart of the server', async (t) => {
  const before = await startHarness(t);
  const first = await create(before, 'k');
  await before.close();
  await before.database.close();
  const api = await startHarness(t, { dataDir: before.dataDir });
  const again = await create(api, 'k', AGENT, { authorization: `Bearer ${before.key}` });
  t.ok(isReplay(again));
  t.same(again.body, first.body);
});

void t.test('what the server died over is neither repeated nor claimed to be done', async (t) => {
  const api = await startHarness(t);
  await create(api, 'other');
  const [record] = await api.database.keys.list(DEFAULT_TENANT);
  const nowMs = api.clock.nowMs();
  // As another process leaves it: claimed, and never answered.
  const canonical = '{"name":"Desk","system_prompt":"Be brief.","voice_settings":{"speed":1,"stability":0.5}}';
  await api.database.idempotency.claim(
    { tenantId: DEFAULT_TENANT, holder: record?.id ?? '', route: 'POST /api/v1/agents', key: 'k' },
    { fingerprint: createHash('sha256').update(canonical).digest('hex'), nowMs, expiresAtMs: nowMs + DAY_MS },
  );
  const { status, headers, body } = await create(api, 'k');
  t.same([status, headers.get('retry-after')], [409, null]);
  t.match(body.error, /interrupted/);
  t.equal(await agentCount(api), 1);
});

void t.test('after a day a key is free again, and its record is gone', async (t) => {
  const api = await startHarness(t);
  const first = await create(api, 'k');
  api.clock.advance(DAY_MS - 1);
  t.ok(isReplay(await create(api, 'k')));
  api.clock.advance(1);
  const anew = await create(api, 'k', { ...AGENT, name: 'Next day' });
  t.same([anew.status, isReplay(anew)], [201, false]);
  t.not(anew.body.data.id, first.body.data.id);
});

void t.test('400 for keys that are empty, too long or not plain text; other methods do not look at them', async (t) => {
  const api = await startHarness(t);
  for (const key of ['', 'x'.repeat(256), 'two words', 'sch\u00f6n', '1\t2']) {
    const { status, body } = await create(api, key);
    t.equal(status, 400, JSON.stringify(key.slice(0, 20)));
    t.match(body.details.fields, [{ field: 'Idempotency-Key', message: /1 to 255/ }]);
  }
  t.equal((await create(api, 'x'.repeat(255))).status, 201);
  t.equal((await api.call('GET', '/agents', undefined, { 'idempotency-key': '' })).status, 200);
  t.equal(await agentCount(api), 1, 'nothing was half done');
});

void t.test('a task is made once and started once', async (t) => {
  const api = await startHarness(t);
  const { data: agent } = (await create(api, 'a')).body;
  const post = (path: string, body?: unknown): Promise<Answer> => api.call('POST', path, body, { 'idempotency-key': 'k' });
  const draft = { agent_id: agent.id, name: 'Call back', to_number: '+442071234567' };
  const first = await post('/tasks', draft);
  t.equal(first.status, 201);
  t.same((await post('/tasks', draft)).body, first.body);
  t.equal((await api.call('GET', '/tasks')).body.meta.total, 1);
  const started = await post(`/tasks/${first.body.data.id}/execute`);
  t.equal(started.status, 200);
  const again = await post(`/tasks/${first.body.data.id}/execute`);
  t.ok(isReplay(again));
  t.same(again.body, started.body);
});

void t.test('without a key every request is one of its own', async (t) => {
  const api = await startHarness(t);
  await api.call('POST', '/agents', AGENT);
  t.notOk(isReplay(await api.call('POST', '/agents', AGENT)));
  t.equal(await agentCount(api), 2);
});

void t.test('the OpenAPI document offers the header where it works', async (t) => {
  const api = await startHarness(t);
  type Operation = { parameters?: { name: string; in: string }[] };
  const document = (await (await api.raw('/openapi.json')).json()) as { paths: Record<string, Record<string, Operation>> };
  for (const [path, item] of Object.entries(document.paths).filter(([name]) => isCore(name))) {
    for (const [method, { parameters = [] }] of Object.entries(item)) {
      t.equal(
        parameters.some((parameter) => parameter.name === 'Idempotency-Key' && parameter.in === 'header'),
        method === 'post' && !path.startsWith('/api/v1/auth/'),
        `${method} ${path}`,
      );
    }
  }
});
