import t from 'tap';
import { newTextId } from '../../../src/core/ids.js';
import { MAX_TEXT_BYTES, type Text } from '../../../src/domain/text.js';
import { type HttpHarness, startHarness } from '../../support/http-harness.js';

const CARRIER = {
  name: 'carrier',
  kind: 'static',
  host: '192.0.2.10',
  identity: { from_user: '+4930123' },
  outbound: [{ prefix: '+44' }],
};

async function received(api: HttpHarness, like: Text, changes: Partial<Text>): Promise<Text> {
  const text: Text = {
    ...like,
    id: newTextId(),
    direction: 'inbound',
    status: 'received',
    nextAttemptAtMs: undefined,
    ...changes,
  };
  await api.database.texts.insert(text);
  return text;
}

void t.test('POST /texts 201: it is pending, over the trunk that takes the number, and can be looked up', async (t) => {
  const api = await startHarness(t);
  const { data: trunk } = (await api.call('POST', '/trunks', CARRIER)).body;
  const { status, body } = await api.call('POST', '/texts', { to: '+442071234567', text: 'Grüße 👋' });
  t.equal(status, 201);
  t.match(body.data, {
    direction: 'outbound',
    status: 'pending',
    contact: '+442071234567',
    from_uri: 'sip:+4930123@192.0.2.10',
    to_uri: 'sip:+442071234567@192.0.2.10',
    text: 'Grüße 👋',
    trunk: { id: trunk.id, name: 'carrier' },
    attempts: 0,
    sip_code: null,
  });
  t.ok(body.data.next_attempt_at);
  t.same((await api.call('GET', `/texts/${body.data.id}`)).body.data, body.data);
  const other = { authorization: `Bearer ${api.otherKey}` };
  t.equal((await api.call('GET', `/texts/${body.data.id}`, undefined, other)).status, 404);
  t.equal((await api.call('GET', '/texts', undefined, other)).body.meta.total, 0);
  const own = await api.call('POST', '/texts', { to: '+442071234567', from: '+4930999', text: 'x' });
  t.equal(own.body.data.from_uri, 'sip:+4930999@192.0.2.10');
  const straight = await api.call('POST', '/texts', { to: 'sip:ann@phone.example;transport=tcp', text: 'x' });
  t.match(straight.body.data, { contact: 'sip:ann@phone.example', to_uri: 'sip:ann@phone.example;transport=tcp', trunk: null });
  const desk = await api.call('POST', '/texts', { to: 'sip:200@192.0.2.10', text: 'x' });
  t.match(desk.body.data, { from_uri: 'sip:+4930123@192.0.2.10', trunk: { id: trunk.id } }, "a user of the trunk's own host");
});

void t.test('POST /texts 400, 403, 503: what may not or cannot be sent is not stored', async (t) => {
  const api = await startHarness(t);
  const text = async (body: object): Promise<number> => (await api.call('POST', '/texts', body)).status;
  t.equal(await text({ to: '+442071234567', text: 'x' }), 503, 'no trunk at all');
  await api.call('POST', '/trunks', CARRIER);
  for (const to of ['0207', 'ann', 'sip:a b@c', 'tel:+44207', '']) t.equal(await text({ to, text: 'x' }), 400, to);
  for (const bad of ['', ' ', 'a\u0000b', 'ä'.repeat(MAX_TEXT_BYTES / 2 + 1)])
    t.equal(await text({ to: '+44207', text: bad }), 400);
  t.equal(await text({ to: '+44207', from: 'a@b', text: 'x' }), 400);
  t.equal(await text({ to: '+15550100', text: 'x' }), 403, 'no trunk takes this number');
  await api.call('POST', '/do-not-call', { number: '+442079460001' });
  const listed = await api.call('POST', '/texts', { to: '+442079460001', text: 'x' });
  t.equal(listed.status, 403);
  t.match(listed.body.error, /do-not-call/);
  t.equal((await api.call('GET', '/texts')).body.meta.total, 0);
});

void t.test('GET /texts 200: newest first, by contact, direction, status and call; threads by their newest text', async (t) => {
  const api = await startHarness(t);
  const post = async (to: string) => (await api.call('POST', '/texts', { to, text: `to ${to}` })).body.data.id as string;
  const first = await post('sip:ann@phone.example');
  const second = await post('sip:bob@phone.example');
  const like = (await api.database.texts.due(Number.MAX_SAFE_INTEGER, 1))[0]!;
  const answer = await received(api, like, { contact: 'sip:ann@phone.example', text: 'back', sipId: 'a 1' });
  const callId = '0197e3b0-0000-7000-8000-000000000009' as never;
  await received(api, like, { contact: '+442071234567', callId, sipId: 'a 2' });
  const ids = async (query: string): Promise<string[]> =>
    (await api.call('GET', `/texts?${query}`)).body.data.map(({ id }: { id: string }) => id);
  t.same(await ids('contact=sip:ann@phone.example'), [answer.id, first]);
  t.same(await ids('direction=outbound'), [second, first]);
  t.same(await ids('status=received&contact=sip:ann@phone.example;transport=udp'), [answer.id]);
  t.equal((await ids(`call_id=${String(callId).toUpperCase()}`)).length, 1);
  t.equal((await api.call('GET', '/texts?status=lost')).status, 400);
  const threads = (await api.call('GET', '/texts/threads')).body;
  t.match(threads, {
    data: [
      { contact: '+442071234567', texts: 1 },
      { contact: 'sip:ann@phone.example', texts: 2, last: { text: 'back', direction: 'inbound' } },
      { contact: 'sip:bob@phone.example', texts: 1 },
    ],
    meta: { total: 3 },
  });
  t.match((await api.call('GET', '/texts/threads?limit=1&offset=2')).body, {
    data: [{ contact: 'sip:bob@phone.example' }],
    meta: { total: 3 },
  });
});
