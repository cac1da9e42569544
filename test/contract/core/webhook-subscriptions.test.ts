import { createHmac } from 'node:crypto';
import t from 'tap';
import { newCallId } from '../../../src/core/ids.js';
import type { Outgoing } from '../../../src/webhooks/send-webhook.js';
import { type Answer, type HttpHarness, OTHER_TENANT, startHarness } from '../../support/http-harness.js';

const URL = 'https://a.example/hook';

const create = (api: HttpHarness, changes: object = {}): Promise<Answer> =>
  api.call('POST', '/webhooks', { url: URL, ...changes });

void t.test('POST /webhooks 201: the webhook with its secret, which is not shown again', async (t) => {
  const api = await startHarness(t);
  const { status, body } = await create(api, { events: ['call_failed', 'call_failed'], description: 'Alarm' });
  t.equal(status, 201);
  const { secret, ...webhook } = body.data;
  t.match(secret, /^whsec_[\w-]{43}$/);
  t.match(webhook, {
    url: URL,
    events: ['call_failed'],
    description: 'Alarm',
    enabled: true,
    previous_secret_until: null,
    created_at: '2023-11-14T22:13:20.000Z',
  });
  t.same((await api.call('GET', `/webhooks/${webhook.id}`)).body.data, webhook);
  const listed = await api.call('GET', '/webhooks');
  t.same([listed.status, listed.body.data, listed.body.meta.total], [200, [webhook], 1]);
  t.notMatch(JSON.stringify(listed.body), secret);
});

void t.test(
  'POST /webhooks 201: all events by default; the same twice with an Idempotency-Key is one, whose secret is not told again',
  async (t) => {
    const api = await startHarness(t);
    const headers = { 'idempotency-key': 'once' };
    const first = await api.call('POST', '/webhooks', { url: URL }, headers);
    const calls = ['call_started', 'call_completed', 'call_failed'];
    const participants = ['participant_joined', 'participant_left', 'participant_failed'];
    t.same(first.body.data.events, [...calls, ...participants, 'text_received', 'text_sent', 'text_delivered', 'text_failed']);
    const again = await api.call('POST', '/webhooks', { url: URL }, headers);
    t.equal(again.status, 409);
    t.notMatch(JSON.stringify(again.body), first.body.data.secret);
    t.equal((await api.call('GET', '/webhooks')).body.meta.total, 1);
  },
);

void t.test('POST /webhooks and PATCH 400: what is no webhook, naming the field', async (t) => {
  const api = await startHarness(t);
  const { id } = (await create(api)).body.data;
  const faults: [string, object][] = [
    ['url', { url: 'http://a.example/' }],
    ['url', { url: 'ftp://a.example/' }],
    ['url', { url: 'a.example' }],
    ['url', { url: `https://a.example/${'x'.repeat(2100)}` }],
    ['url', { url: null }],
    ['events', { events: [] }],
    ['events.0', { events: ['call_ringing'] }],
    ['events', { events: 'call_failed' }],
    ['description', { description: 'x'.repeat(1001) }],
    ['enabled', { enabled: 'yes' }],
    ['secret', { secret: 'mine' }],
  ];
  for (const [field, fault] of faults) {
    for (const answer of [await create(api, fault), await api.call('PATCH', `/webhooks/${id}`, fault)]) {
      t.equal(answer.status, 400, JSON.stringify(fault).slice(0, 60));
      t.equal(answer.body.details.fields[0].field, field);
    }
  }
  t.equal((await api.call('POST', '/webhooks', {})).status, 400, 'without a URL');
  t.equal((await api.call('GET', '/webhooks?limit=0')).status, 400);
  t.equal((await api.call('GET', '/webhooks/deliveries?subscription_id=x')).status, 400);
  t.equal((await api.call('GET', '/webhooks')).body.meta.total, 1, 'nothing was made');
});

void t.test('POST /webhooks 409: of one URL there is one webhook, and 100 at most', async (t) => {
  const api = await startHarness(t);
  await create(api);
  t.match(await create(api), { status: 409, body: { success: false, error: 'There is a webhook with this URL' } });
  for (let n = 1; n < 100; n += 1) await create(api, { url: `${URL}/${n}` });
  t.match(await create(api, { url: `${URL}/100` }), { status: 409, body: { error: 'There may be 100 webhooks at most' } });
  t.match(await api.call('PATCH', `/webhooks/${(await api.call('GET', '/webhooks')).body.data[0].id}`, { url: URL }), {
    status: 409,
  });
});

void t.test('PATCH /webhooks/:id 200: only what is sent changes', async (t) => {
  const api = await startHarness(t);
  const { secret, ...webhook } = (await create(api, { description: 'Alarm' })).body.data;
  api.clock.advance(1000);
  const { status, body } = await api.call('PATCH', `/webhooks/${webhook.id}`, { enabled: false, description: null });
  t.equal(status, 200);
  t.same(body.data, { ...webhook, enabled: false, description: null, updated_at: '2023-11-14T22:13:21.000Z' });
  t.same(await api.database.webhookRegistry.secretsOf(webhook.id, api.clock.nowMs()), [secret]);
});

void t.test('POST /webhooks/:id/rotate-secret 200: the old secret signs beside the new one for a day', async (t) => {
  let outgoing: Outgoing | undefined;
  const api = await startHarness(t, {
    sendWebhook: (request) => {
      outgoing = request;
      return { statusCode: 204, error: undefined, hopeless: false, durationMs: 3.4 };
    },
  });
  const { id, secret } = (await create(api)).body.data;
  const rotated = await api.call('POST', `/webhooks/${id}/rotate-secret`);
  t.equal(rotated.status, 200);
  t.match(rotated.body.data, { id, previous_secret_until: '2023-11-15T22:13:20.000Z', secret: /^whsec_/ });
  t.not(rotated.body.data.secret, secret);
  const tested = await api.call('POST', `/webhooks/${id}/test`, {});
  t.equal(tested.status, 200);
  t.match(tested.body.data, { delivered: true, status_code: 204, error: null, duration_ms: 3 });
  const { headers = {}, body = '', url } = outgoing ?? {};
  t.match(JSON.parse(body), { event_type: 'test', call_id: null, data: { report_excerpt: null } });
  t.match([url, headers['X-Offhook-Event'], headers['X-Offhook-Event-Id']], [URL, 'test', tested.body.data.event_id]);
  const signed = (by: string): string =>
    `sha256=${createHmac('sha256', by).update(`${headers['X-Offhook-Timestamp']}.${body}`).digest('hex')}`;
  t.equal(headers['X-Offhook-Signature'], `${signed(rotated.body.data.secret)},${signed(secret)}`);
  api.clock.advance(86_400_000);
  await api.call('POST', `/webhooks/${id}/test`);
  t.equal(outgoing?.headers['X-Offhook-Signature']?.includes(','), false, 'and then no longer');
  t.equal((await api.call('GET', `/webhooks/${id}`)).body.data.previous_secret_until, null);
});

void t.test('POST /webhooks/:id/test 200 tells what went wrong, and is sent to a disabled webhook too', async (t) => {
  const failure = { statusCode: 500, error: 'answered 500', hopeless: false, durationMs: 12 };
  const api = await startHarness(t, { sendWebhook: () => failure });
  const { id } = (await create(api, { enabled: false })).body.data;
  t.match(await api.call('POST', `/webhooks/${id}/test`), {
    status: 200,
    body: { data: { delivered: false, status_code: 500, error: 'answered 500' } },
  });
  t.equal((await api.call('GET', '/webhooks/deliveries')).body.meta.total, 0, 'no part of the log');
  for (const path of ['test', 'rotate-secret']) {
    t.equal((await api.call('POST', `/webhooks/${id}/${path}`, { url: 'https://b.example/' })).status, 400, path);
  }
});

void t.test('DELETE /webhooks/:id 200 once, then 404', async (t) => {
  const api = await startHarness(t);
  const { id } = (await create(api)).body.data;
  t.match(await api.call('DELETE', `/webhooks/${id}`), { status: 200, body: { data: { id, deleted: true } } });
  t.match(await api.call('DELETE', `/webhooks/${id}`), { status: 404, body: { error: 'Webhook not found' } });
});

void t.test("404 for webhooks that do not exist and for another tenant's, on which nothing is done", async (t) => {
  const api = await startHarness(t);
  const headers = { authorization: `Bearer ${api.otherKey}` };
  const { data: theirs } = (await api.call('POST', '/webhooks', { url: URL }, headers)).body;
  for (const id of [theirs.id, newCallId(), 'x', "1'%20OR%201=1"]) {
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { enabled: false }],
      ['DELETE', '', undefined],
      ['POST', '/rotate-secret', undefined],
      ['POST', '/test', undefined],
    ] as const) {
      t.equal((await api.call(method, `/webhooks/${id}${path}`, body)).status, 404, `${method} ${id}${path}`);
    }
  }
  t.equal((await create(api)).status, 201, 'nor does their URL stand in the way');
  const kept = await api.database.webhookRegistry.find(OTHER_TENANT, theirs.id);
  t.match(kept, { enabled: true, secret: theirs.secret });
});
