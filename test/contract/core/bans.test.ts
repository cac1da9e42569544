import t from 'tap';
import { startHarness } from '../../support/http-harness.js';

void t.test('POST /bans 201, GET /bans 200, DELETE /bans/:source 200, in every spelling', async (t) => {
  const api = await startHarness(t);
  const created = await api.call('POST', '/bans', { source: '203.0.113.9', duration_seconds: 60 });
  t.equal(created.status, 201);
  const ban = {
    source: '203.0.113.9/32',
    reason: 'operator',
    times: 1,
    created_at: new Date(api.clock.nowMs()).toISOString(),
    expires_at: new Date(api.clock.nowMs() + 60_000).toISOString(),
  };
  t.same(created.body.data, ban);
  t.equal((await api.call('POST', '/bans', { source: '2001:db8::/32' })).status, 201);
  const listed = await api.call('GET', '/bans');
  t.match(listed.body, { data: [{ source: '2001:db8::/32' }, ban], meta: { total: 2 } });
  const lifted = await api.call('DELETE', '/bans/203.0.113.9%2F32');
  t.match(lifted, { status: 200, body: { data: { source: '203.0.113.9/32', deleted: true } } });
  t.equal((await api.call('DELETE', '/bans/203.0.113.9')).status, 404);
  t.equal((await api.call('GET', '/bans?limit=1')).body.meta.total, 1);
});

void t.test('POST /bans 400 names what is wrong, 409 for a source that is known', async (t) => {
  const api = await startHarness(t);
  for (const [body, field] of [
    [{}, 'source'],
    [{ source: 'pbx.example' }, 'source'],
    [{ source: '203.0.113.9/33' }, 'source'],
    [{ source: '203.0.113.9', duration_seconds: 0 }, 'duration_seconds'],
    [{ source: '203.0.113.9', reason: 'x' }, 'reason'],
  ] as const) {
    const refused = await api.call('POST', '/bans', body);
    t.equal(refused.status, 400, JSON.stringify(body));
    t.equal(refused.body.details.fields[0].field, field);
  }
  t.equal((await api.call('POST', '/bans', { source: '192.0.2.1' })).status, 409);
});
