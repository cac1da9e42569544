import t from 'tap';
import { InboundRouter } from '../../../src/calls/inbound-router.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newTextId, type TextId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Arrival } from '../../../src/domain/ports/inbound-trunks.js';
import type { Way } from '../../../src/domain/ports/outbound-route.js';
import type { AgentRepository } from '../../../src/domain/ports/repositories.js';
import type { TextSignalling } from '../../../src/domain/ports/texts.js';
import { ANY_CALL } from '../../../src/domain/route.js';
import type { Text } from '../../../src/domain/text.js';
import { openDatabase } from '../../../src/storage/database.js';
import { TextSender } from '../../../src/texts/text-sender.js';
import { TextService, type TextServiceDeps } from '../../../src/texts/text-service.js';
import { noPhones, noRoutes } from '../../support/no-routes.js';
import { sampleAgent } from '../../support/sample-records.js';
import { sampleTrunk } from '../../support/sample-trunk.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { newCall, requestText, responseText } from '../../support/sip-texts.js';
import { startTelephony } from '../../support/telephony.js';
import { until } from '../../support/until.js';

type Test = Parameters<typeof startTelephony>[0];

const PAGE = { limit: 10, offset: 0 };
const { id, name } = sampleTrunk();
const ARRIVAL: Arrival = {
  tenantId: DEFAULT_TENANT,
  trunk: { id, name },
  wanted: ['front-desk'],
  callerNumber: '+442071234567',
  maxConcurrentCalls: undefined,
  terms: {},
};

async function start(t: Test, changes: Partial<TextServiceDeps> = {}) {
  const s = await startTelephony(t);
  const signalling = s.telephony as unknown as TextSignalling;
  const database = await openDatabase(':memory:');
  const agent = sampleAgent({ sipUser: 'front-desk' });
  await database.agents.insert(agent);
  const clock = new FakeClock();
  const way = (uri: string): Way => ({
    uri,
    from: { uri: 'sip:+4930123@carrier.example', user: '+4930123', displayName: undefined },
    line: { key: 'x' },
    trunk: { id, name },
    terms: { headers: { 'X-Account': '42' }, credentials: { username: 'desk', password: 'secret' } },
    failoverCodes: [503],
  });
  const local = `127.0.0.1:${s.peer.port}`;
  const waysTo = (_tenant: unknown, number: string) => [way(`sip:${number}@${local}`), way(`sip:other@${local}`)];
  const route = { waysTo, waysToUri: waysTo };
  const noted: Text[] = [];
  const common = {
    ...database,
    signalling,
    route,
    clock,
    log: silentLogger,
  };
  const sender = new TextSender({ ...common, onSettled: (text) => noted.push(text) });
  const router = new InboundRouter({
    agents: database.agents,
    builtInAgents: { echo: true, demo: false, tone: false },
    demoAgent: agent,
    routes: noRoutes,
    phones: noPhones,
  });
  const service = new TextService({
    ...common,
    router,
    trunks: { arrivalOf: () => ARRIVAL },
    unknownSources: 'reject',
    onPending: () => sender.wake(),
    onText: (text) => noted.push(text),
    ...changes,
  });
  service.start();
  t.teardown(async () => {
    await s.stopServer?.();
    clock.advance(60_000);
    await sender.close();
    await database.close();
  });
  const settledAs = async (textId: TextId): Promise<Text> => {
    await until(() => noted.some((text) => text.id === textId));
    return (await database.texts.find(DEFAULT_TENANT, textId))!;
  };
  const answer = async (status: number, reason = 'x', extra: string[] = []): Promise<RawMessage> => {
    const message = await s.peer.request('MESSAGE');
    s.peer.send(responseText(message, status, reason, 'peer', extra));
    return message;
  };
  return { ...s, database, service, sender, clock, agent, noted, settledAs, answer };
}

const message = (f: Awaited<ReturnType<typeof start>>, body: string, type = 'text/plain', headers: string[] = []) =>
  f.peer.send(
    requestText(f.peer, 'MESSAGE', newCall(), {
      uri: 'sip:front-desk@127.0.0.1',
      body,
      headers: [`Content-Type: ${type}`, ...headers],
    }),
  );

void t.test('a text that comes is stored, with an event for webhooks, before it is confirmed', async (t) => {
  const f = await start(t);
  message(f, 'Grüße 👋', 'text/plain;charset=UTF-8');
  await f.peer.status(200, 'MESSAGE');
  const { items } = await f.database.texts.list(DEFAULT_TENANT, {}, PAGE);
  t.match(items, [
    {
      direction: 'inbound',
      status: 'received',
      contact: '+442071234567',
      text: 'Grüße 👋',
      agentId: f.agent.id,
      trunk: { id, name },
      toUri: /sip:agent@127\.0\.0\.1/,
    },
  ]);
  t.match(await f.database.webhooks.undispatched(10), [{ type: 'text_received', textId: items[0]?.id, callId: undefined }]);
  t.match(f.noted, items, 'and whoever answers texts is told');
  // Our 200 was lost with the process, and the same request comes to the next one.
  t.notOk(await f.database.texts.insert({ ...items[0]!, id: newTextId() }), 'the same text again is no other');
  t.equal(f.noted.length, 1);
});

void t.test('a route says whether texts that come by it are answered', async (t) => {
  const wishes: (boolean | undefined)[] = [];
  const agent = sampleAgent({ sipUser: 'front-desk' });
  const target = { type: 'agent', agent: 'front-desk', answersTexts: false } as const;
  const rule = { name: 'by night', match: ANY_CALL, target, variables: [] };
  const router = new InboundRouter({
    agents: { findBySipUser: async () => agent } as unknown as AgentRepository,
    builtInAgents: { echo: true, demo: false, tone: false },
    demoAgent: agent,
    routes: { find: async () => rule },
    phones: noPhones,
  });
  const f = await start(t, { router, onText: (_text, answered) => wishes.push(answered) });
  message(f, 'Hello');
  await f.peer.status(200, 'MESSAGE');
  await until(() => wishes.length === 1);
  t.same(wishes, [false]);
});

void t.test('what is no text, too long, or from nobody we know is refused, and nothing is stored', async (t) => {
  const f = await start(t);
  message(f, '<xml/>', 'application/im-iscomposing+xml');
  t.match(header(await f.peer.status(415, 'MESSAGE'), 'Accept'), /text\/plain/);
  message(f, 'x', 'text/plain;charset=utf-16');
  await f.peer.status(415, 'MESSAGE');
  message(f, 'x', 'text/plain', ['Content-Encoding: gzip']);
  t.equal(header(await f.peer.status(415, 'MESSAGE'), 'Accept-Encoding'), 'identity');
  message(f, 'x'.repeat(33_000));
  await f.peer.status(413, 'MESSAGE');
  const unknown = await start(t, { trunks: { arrivalOf: () => undefined } });
  message(unknown, 'x');
  await unknown.peer.status(403, 'MESSAGE');
  const open = await start(t, { trunks: { arrivalOf: () => undefined }, unknownSources: 'allow' });
  message(open, 'to an agent');
  await open.peer.status(200, 'MESSAGE');
  t.match(open.noted, [{ text: 'to an agent', trunk: undefined, contact: /^sip:ann@127\.0\.0\.1/ }]);
  open.peer.send(
    requestText(open.peer, 'MESSAGE', newCall(), {
      uri: 'sip:nobody@127.0.0.1',
      body: 'x',
      headers: ['Content-Type: text/plain'],
    }),
  );
  await open.peer.status(404, 'MESSAGE');
  t.equal(open.noted.length, 1);
  t.equal(f.noted.length + unknown.noted.length, 0);
});

void t.test('what cannot be stored is not confirmed', async (t) => {
  const database = await openDatabase(':memory:');
  await database.close();
  const f = await start(t, { texts: database.texts });
  message(f, 'x');
  t.ok(header(await f.peer.status(500, 'MESSAGE'), 'Retry-After'));
});

void t.test(
  'a text that goes carries the identity and headers of its trunk, answers its challenge, and is delivered',
  async (t) => {
    const f = await start(t);
    const stored = await f.service.send(DEFAULT_TENANT, { to: '+442071234567', from: undefined, text: 'Grüße 👋' });
    const challenge = 'WWW-Authenticate: Digest realm="carrier", nonce="n1", qop="auth", algorithm=MD5';
    const first = await f.answer(401, 'Unauthorized', [challenge]);
    const second = await f.answer(200, 'OK');
    t.match(first.startLine, /^MESSAGE sip:\+442071234567@127\.0\.0\.1/);
    t.match(header(first, 'From'), /<sip:\+4930123@carrier\.example>;tag=/);
    t.match(
      [header(first, 'X-Account'), header(first, 'Content-Type'), first.body],
      ['42', 'text/plain;charset=utf-8', 'Grüße 👋'],
    );
    t.match(header(second, 'Authorization'), /username="desk".*uri="sip:\+442071234567@/);
    t.notMatch(second.text, /secret/);
    t.equal(header(second, 'Call-ID'), header(first, 'Call-ID'));
    t.match([header(first, 'CSeq'), header(second, 'CSeq')], ['1 MESSAGE', '2 MESSAGE']);
    t.match(await f.settledAs(stored.id), { status: 'delivered', sipCode: 200, attempts: 1, nextAttemptAtMs: undefined });
    t.match(await f.database.webhooks.undispatched(10), [{ type: 'text_delivered', textId: stored.id, status: 'delivered' }]);
  },
);

void t.test('202 is sent, not delivered; a refusal is final; a failure of the trunk goes on to the next', async (t) => {
  const f = await start(t);
  const send = () => f.service.send(DEFAULT_TENANT, { to: '+442071234567', from: undefined, text: 'x' });
  const sent = await send();
  await f.answer(202, 'Accepted');
  t.match(await f.settledAs(sent.id), { status: 'sent', sipCode: 202 });
  const refused = await send();
  await f.answer(404, 'Not Found');
  t.match(await f.settledAs(refused.id), { status: 'failed', sipCode: 404, failureReason: 'sip_404' });
  const other = await send();
  await f.answer(503, 'Service Unavailable');
  t.match((await f.answer(200, 'OK')).startLine, /^MESSAGE sip:other@/);
  t.match(await f.settledAs(other.id), { status: 'delivered', attempts: 1 });
});

void t.test('what may pass is tried again, four times in all; a number that was listed meanwhile is not', async (t) => {
  const f = await start(t);
  const stored = await f.service.send(DEFAULT_TENANT, { to: '+442071234567', from: undefined, text: 'x' });
  for (const [index, waitMs] of [30_000, 120_000, 600_000].entries()) {
    await f.answer(480, 'Temporarily Unavailable');
    await until(async () => (await f.database.texts.find(DEFAULT_TENANT, stored.id))?.attempts === index + 1);
    f.clock.advance(waitMs);
    f.sender.wake();
  }
  await f.answer(480, 'Temporarily Unavailable');
  t.match(await f.settledAs(stored.id), { status: 'failed', failureReason: 'sip_480', attempts: 4 });

  const again = await f.service.send(DEFAULT_TENANT, { to: '+442071234567', from: undefined, text: 'y' });
  await f.answer(500, 'Server Error');
  await until(async () => (await f.database.texts.find(DEFAULT_TENANT, again.id))?.attempts === 1);
  const entry = { tenantId: DEFAULT_TENANT, number: '+442071234567', source: 'api', createdAtMs: 1 } as const;
  await f.database.doNotCall.add([{ ...entry, reason: undefined, callId: undefined, expiresAtMs: undefined }], 1);
  f.clock.advance(30_000);
  f.sender.wake();
  t.match(await f.settledAs(again.id), { status: 'failed', failureReason: 'do_not_call' });
});

void t.test('what was pending when the process died is sent by the next one', async (t) => {
  const f = await start(t, { onPending: () => {} });
  const stored = await f.service.send(DEFAULT_TENANT, { to: '+442071234567', from: '+4930999', text: 'x' });
  f.sender.wake();
  const sent = await f.answer(200, 'OK');
  t.match(header(sent, 'From'), /<sip:\+4930999@carrier\.example>/);
  t.match(await f.settledAs(stored.id), { status: 'delivered', fromUser: '+4930999' });
});
