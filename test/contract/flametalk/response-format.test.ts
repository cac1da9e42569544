import t from 'tap';
import { runShell, startFlametalk } from '../../support/flametalk.js';

const IDEMPOTENT = `curl -X POST https://dev.flametalk.ai/v1/agents \\
-H "Authorization: Bearer YOUR_API_KEY" \\
-H "Idempotency-Key: unique-request-id-12345" \\
-H "Content-Type: application/json" \\
-d '{"name": "My Agent", "instructions": "..."}'`;
const DAY_MS = 86_400_000;

void t.test('Response Format', async (t) => {
  const { ask, make } = await startFlametalk(t);
  const id = await make('/agents', { name: 'Sales Agent', instructions: 'Sell.' });
  const { body } = await ask('GET', `/agents/${id}`);
  t.same(Object.keys(body), ['success', 'data']);
  t.match(body, { success: true, data: { id, name: 'Sales Agent' } });

  const failed = await ask('POST', '/agents', { name: '', colour: 'red' });
  t.equal(failed.status, 400);
  t.same(Object.keys(failed.body), ['success', 'error']);
  t.same(Object.keys(failed.body.error), ['code', 'message', 'details']);
  t.match(failed.body, {
    success: false,
    error: {
      code: 'VALIDATION_ERROR',
      message: 'Invalid parameters',
      details: { name: String, instructions: String, colour: String },
    },
  });
  t.match(await ask('GET', '/nothing'), { status: 404, body: { success: false, error: { code: 'NOT_FOUND' } } });
});

void t.test('Pagination', async (t) => {
  const { ask, make } = await startFlametalk(t);
  const page = async (query: string) => (await ask('GET', `/contacts${query}`)).body;
  t.same((await page('')).pagination, { total: 0, limit: 20, offset: 0, has_more: false });
  const contacts = Array.from({ length: 142 }, (_, index) => ({ phone: `+1555${1000 + index}` }));
  await ask('POST', '/contacts/import', { contacts });

  await t.test('limit is 20 by default and 100 at most, offset 0 by default', async (t) => {
    t.equal((await page('')).data.length, 20);
    t.equal((await page('?limit=100')).data.length, 100);
    for (const query of ['limit=101', 'limit=0', 'limit=x', 'limit=1.5', 'offset=-1', 'limit=1&limit=2']) {
      const { status, body } = await ask('GET', `/contacts?${query}`);
      t.equal(status, 400, query);
      t.match(body.error, { code: 'VALIDATION_ERROR', details: { [query.split('=')[0] ?? '']: String } });
    }
  });
  await t.test('Response Pagination Object', async (t) => {
    t.same((await page('?limit=20&offset=40')).pagination, { total: 142, limit: 20, offset: 40, has_more: true });
    t.match((await page('?limit=20&offset=122')).pagination, { has_more: false }, 'the last item is on this page');
    t.match((await page('?limit=20&offset=121')).pagination, { has_more: true });
    t.match(await page('?offset=500'), { data: [], pagination: { total: 142, offset: 500, has_more: false } });
    const seen = new Set<string>();
    for (let offset = 0, more = true; more; offset += 50) {
      const { data, pagination } = await page(`?limit=50&offset=${offset}`);
      for (const { id } of data) seen.add(id);
      more = pagination.has_more;
    }
    t.equal(seen.size, 142);
  });
  await t.test('every list has it', async (t) => {
    const agent = await make('/agents', { name: 'x', instructions: 'x' });
    const campaign = await make('/campaigns', { name: 'x', agent_id: agent });
    const webhook = await make('/webhooks', { url: 'https://example.com/' });
    const lists = [
      '/agents',
      `/agents/${agent}/versions`,
      '/calls',
      '/campaigns',
      `/campaigns/${campaign}/contacts`,
      '/channels',
      '/webhooks',
    ];
    for (const list of [...lists, `/webhooks/${webhook}/deliveries`]) {
      const { body } = await ask('GET', `${list}?limit=1`);
      t.match(body.pagination, { total: Number, limit: 1, offset: 0, has_more: Boolean }, list);
      t.equal((await ask('GET', `${list}?limit=101`)).status, 400, list);
    }
  });
});

void t.test('Idempotent Requests', async (t) => {
  const flametalk = await startFlametalk(t);
  const { api, ask } = flametalk;
  const count = async (): Promise<number> => (await ask('GET', '/agents')).body.pagination.total;
  const first = await runShell(IDEMPOTENT, flametalk);
  t.match(first, { success: true, data: { name: 'My Agent', instructions: '...', deployed_version: { id: 'v-1' } } });

  await t.test('How it works', async (t) => {
    t.same(await runShell(IDEMPOTENT, flametalk), first, 'the original response');
    t.equal(await count(), 1);
    const headers = { 'idempotency-key': 'unique-request-id-12345' };
    const other = await ask('POST', '/agents', { name: 'Other', instructions: 'x' }, headers);
    t.match(other, { status: 409, body: { error: { code: 'CONFLICT' } } }, 'a key stands for one operation');
    api.clock.advance(DAY_MS - 1000);
    t.same((await runShell(IDEMPOTENT, flametalk)).data.id, first.data.id);
    api.clock.advance(1000);
    t.not((await runShell(IDEMPOTENT, flametalk)).data.id, first.data.id, 'after 24 hours it is a new request');
    t.equal(await count(), 2);
  });
  await t.test('Best practice', async (t) => {
    for (const key of ['0194bd3a-7c00-7000-8000-000000000001', 'user-7-1700000000']) {
      const body = { phone: `+1555${key.length}` };
      const headers = { 'idempotency-key': key };
      const made = await ask('POST', '/contacts', body, headers);
      t.same((await ask('POST', '/contacts', body, headers)).body, made.body);
    }
  });
});
