import t from 'tap';
import { DEFAULT_TENANT, newCallId } from '../../../src/core/ids.js';
import { KeyService } from '../../../src/keys/key-service.js';
import { type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';
import { sampleCall } from '../../support/sample-records.js';

/** A delivery in the state in which its only attempt left it. */
async function delivery(api: HttpHarness, state: 'delivered' | 'dead' | 'pending', tenantId = DEFAULT_TENANT): Promise<string> {
  const { calls, webhooks } = api.database;
  await calls.insert(sampleCall({ tenantId }));
  const [event] = await webhooks.undispatched(1);
  const id = newCallId();
  const nowMs = api.clock.nowMs();
  await webhooks.dispatch(event!, [{ id, url: 'https://a.example/hook', body: '{"event_type":"call_started"}' }], nowMs);
  const failed = state !== 'delivered';
  const attempt = { atMs: nowMs, durationMs: 12.5, statusCode: failed ? 500 : 200, error: failed ? 'answered 500' : undefined };
  await webhooks.record(id, attempt, state === 'pending' ? { state, atMs: nowMs + 10_000 } : { state });
  return id;
}

void t.test('GET /webhooks/deliveries 200: newest first, by state, in pages', async (t) => {
  const api = await startHarness(t);
  const ids = [await delivery(api, 'delivered'), await delivery(api, 'dead'), await delivery(api, 'pending')];
  await delivery(api, 'dead', OTHER_TENANT);
  const all = await api.call('GET', '/webhooks/deliveries');
  t.equal(all.status, 200);
  t.same(
    all.body.data.map(({ id }: { id: string }) => id),
    ids.toReversed(),
  );
  t.match(all.body.data[0], {
    state: 'pending',
    attempts: 1,
    event_type: 'call_started',
    url: 'https://a.example/hook',
    next_attempt_at: '2023-11-14T22:13:30.000Z',
  });
  const dead = await api.call('GET', '/webhooks/deliveries?state=dead');
  t.match(dead.body, { data: [{ id: ids[1], next_attempt_at: null }], meta: { total: 1 } });
  t.equal((await api.call('GET', '/webhooks/deliveries?limit=1&offset=2')).body.data[0].id, ids[0]);
  for (const query of ['state=', 'state=gone', 'limit=0', 'offset=-1']) {
    t.equal((await api.call('GET', `/webhooks/deliveries?${query}`)).status, 400, query);
  }
});

void t.test('GET /webhooks/deliveries/:id 200: the payload and the log', async (t) => {
  const api = await startHarness(t);
  const id = await delivery(api, 'dead');
  const { status, body } = await api.call('GET', `/webhooks/deliveries/${id}`);
  t.equal(status, 200);
  t.match(body.data, {
    id,
    payload: { event_type: 'call_started' },
    log: [{ at: '2023-11-14T22:13:20.000Z', status_code: 500, error: 'answered 500' }],
  });
});

void t.test('POST /webhooks/deliveries/:id/replay 200 for a dead one, 409 for others', async (t) => {
  const api = await startHarness(t);
  const id = await delivery(api, 'dead');
  const { status, body } = await api.call('POST', `/webhooks/deliveries/${id}/replay`);
  t.equal(status, 200);
  t.match(body.data, { id, state: 'pending', attempts: 0, log: [{ status_code: 500 }] });
  t.same(
    (await api.database.webhooks.due(api.clock.nowMs(), { perUrl: 1, total: 1 })).map((due) => due.id),
    [id],
  );
  t.equal((await api.call('POST', `/webhooks/deliveries/${id}/replay`)).status, 409);
  t.equal((await api.call('POST', `/webhooks/deliveries/${await delivery(api, 'delivered')}/replay`)).status, 409);
});

void t.test('GET /webhooks/secret 200: one per organisation, the same each time', async (t) => {
  const api = await startHarness(t);
  const { body } = await api.call('GET', '/webhooks/secret');
  t.match(body.data, { secret: /^whsec_[\w-]{43}$/, algorithm: 'hmac-sha256' });
  t.equal((await api.call('GET', '/webhooks/secret')).body.data.secret, body.data.secret);
  const other = await api.call('GET', '/webhooks/secret', undefined, { authorization: `Bearer ${api.otherKey}` });
  t.not(other.body.data.secret, body.data.secret);
});

void t.test('GET /webhooks/secret 403 for a key that may only read', async (t) => {
  const api = await startHarness(t);
  const keys = new KeyService({ ...api.database, clock: api.clock });
  const { key } = await keys.create(DEFAULT_TENANT, 'reader', { scopes: ['webhooks:read'] });
  const headers = { authorization: `Bearer ${key}` };
  t.equal((await api.call('GET', '/webhooks/deliveries', undefined, headers)).status, 200);
  t.equal((await api.call('GET', '/webhooks/secret', undefined, headers)).status, 403);
});

void t.test("404 for deliveries that do not exist and another tenant's, 401 without a key", async (t) => {
  const api = await startHarness(t);
  const theirs = await delivery(api, 'dead', OTHER_TENANT);
  for (const id of [theirs, newCallId(), 'x', '%00', "1'%20OR%201=1"]) {
    t.equal((await api.call('GET', `/webhooks/deliveries/${id}`)).status, 404, id);
    t.equal((await api.call('POST', `/webhooks/deliveries/${id}/replay`)).status, 404, id);
  }
  t.equal((await api.database.webhooks.attempts(OTHER_TENANT, theirs))?.delivery.state, 'dead', 'and nothing was done to it');
  for (const path of ['deliveries', `deliveries/${theirs}`, 'secret']) {
    t.equal((await api.raw(`/api/v1/webhooks/${path}`)).status, 401, path);
  }
});
