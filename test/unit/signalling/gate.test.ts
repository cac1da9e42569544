import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { sourceOf } from '../../../src/core/source-list.js';
import { Gate, type GateOptions } from '../../../src/signalling/gate/gate.js';
import { parseDatagram } from '../../../src/signalling/message/parse-message.js';
import type { SipRequest } from '../../../src/signalling/message/sip-message.js';
import { AgentHarness, peerRequest, tagIn } from '../../support/agent-harness.js';

const STRANGER = '198.51.100.7';
const TRUNK = '203.0.113.5';

function gateWith(options: Partial<GateOptions> = {}): { gate: Gate; clock: FakeClock } {
  const clock = new FakeClock(0);
  const gate = new Gate(
    {
      silentToUnknown: false,
      trusted: [],
      scanners: ['friendly-scanner'],
      callsPerSecond: 100,
      callsPerSecondPerSource: 5,
      requestsPerSecond: 100,
      requestsPerSecondPerSource: 5,
      connectionsPerSource: 2,
      ...options,
    },
    clock,
  );
  return { gate, clock };
}

function request(method: string, extra: readonly string[] = []): SipRequest {
  const message = parseDatagram(Buffer.from(peerRequest(method, {}, extra)))?.message;
  if (message?.kind !== 'request') throw new Error('no request');
  return message;
}

const served = (gate: Gate, method: string, address: string, times: number): number =>
  Array.from({ length: times }, () => gate.judge(request(method), address)).filter((verdict) => verdict === 'serve').length;

void t.test('a source is an IPv4 address or an IPv6 /64, however it is written', async (t) => {
  for (const [address, source] of [
    ['203.0.113.7', '203.0.113.7/32'],
    ['::ffff:203.0.113.7', '203.0.113.7/32'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:db8:0:5::1', '2001:db8:0:5::/64'],
    ['::1', '::/64'],
    ['fe80::1%eth0', undefined],
    ['pbx.example', undefined],
  ] as const) {
    t.equal(sourceOf(address), address.includes('%') ? sourceOf(address) : source, address);
  }
});

void t.test('an unknown source has its share of calls a second, and gets more as time goes by', async (t) => {
  const { gate, clock } = gateWith();
  t.equal(served(gate, 'INVITE', STRANGER, 20), 5);
  t.equal(served(gate, 'INVITE', '198.51.100.8', 20), 5, 'another one has a share of its own');
  t.equal(served(gate, 'REGISTER', STRANGER, 20), 5, 'other methods are counted apart');
  clock.advance(400);
  t.equal(served(gate, 'INVITE', STRANGER, 20), 2);
  t.match(gate.figures(), { call_rate: 15 + 15 + 18, request_rate: 15 });
});

void t.test('many unknown sources together leave half of the calls to known ones', async (t) => {
  const { gate } = gateWith();
  gate.know([`${TRUNK}/32`]);
  let strangers = 0;
  for (let host = 1; host <= 50; host += 1) strangers += served(gate, 'INVITE', `198.51.100.${host}`, 5);
  t.ok(strangers >= 50 && strangers <= 51, `half for strangers (${strangers})`);
  t.equal(served(gate, 'INVITE', TRUNK, 200) + strangers, 100, 'the rest for the trunk, which has no limit of its own');
});

void t.test('an overloaded server lets in so few calls that refusing them costs nothing', async (t) => {
  const { gate } = gateWith({ callsPerSecondPerSource: 100 });
  gate.overloaded = true;
  t.equal(served(gate, 'INVITE', STRANGER, 40), 10);
  gate.overloaded = false;
  t.ok(served(gate, 'INVITE', STRANGER, 40) > 30);
});

void t.test('a ban holds for its time, for an address, a /64 and a block', async (t) => {
  const { gate, clock } = gateWith();
  gate.ban('198.51.100.7/32', 1000);
  gate.ban('2001:db8:1:2::/64', 2000);
  gate.ban('192.0.2.0/24', 3000);
  const banned = (): string[] =>
    [STRANGER, '::ffff:198.51.100.7', '198.51.100.8', '2001:db8:1:2::9', '2001:db8:1:3::9', '192.0.2.200'].filter((address) =>
      gate.isBanned(address),
    );
  t.same(banned(), [STRANGER, '::ffff:198.51.100.7', '2001:db8:1:2::9', '192.0.2.200']);
  clock.advance(1000);
  t.same(banned(), ['2001:db8:1:2::9', '192.0.2.200']);
  gate.lift('192.0.2.0/24');
  t.same(banned(), ['2001:db8:1:2::9']);
  clock.advance(1000);
  t.same(banned(), []);
});

void t.test('scanners are named, counted, and hear nothing, unless they are known', async (t) => {
  const { gate } = gateWith({ trusted: ['192.0.2.1'] });
  const scan = request('OPTIONS', ['User-Agent: Friendly-Scanner']);
  t.equal(gate.judge(scan, STRANGER), 'silence');
  t.equal(gate.judge(scan, STRANGER), 'silence');
  t.equal(gate.judge(scan, '192.0.2.1'), 'serve');
  t.same(gate.takeOffences(), [{ address: STRANGER, kind: 'scanner', count: 2 }]);
  t.same(gate.takeOffences(), [], 'each is told of once');
});

void t.test('forged sources without end are a report of a thousand lines', async (t) => {
  const { gate } = gateWith();
  for (let i = 0; i < 5000; i += 1) gate.judgeMalformed(`10.${i >> 12}.${(i >> 4) & 255}.${i & 15}`);
  t.equal(gate.takeOffences().length, 1000);
});

void t.test('an unknown source holds as many connections as it may, a known one as many as it likes', async (t) => {
  const { gate } = gateWith({ trusted: ['192.0.2.1'] });
  t.same(
    [0, 1, 2].map((held) => gate.admitsConnection(STRANGER, held)),
    [true, true, false],
  );
  t.equal(gate.admitsConnection('192.0.2.1', 1000), true);
});

void t.test('where strangers hear nothing, they get no 100, no 481 and no 400 either', async (t) => {
  const { gate } = gateWith({ silentToUnknown: true });
  const harness = new AgentHarness(gate);
  for (const text of [
    peerRequest('INVITE'),
    peerRequest('OPTIONS'),
    peerRequest('REGISTER'),
    peerRequest('NEWMETHOD'),
    peerRequest('BYE', { toTag: 'x' }),
    peerRequest('CANCEL'),
    peerRequest('INVITE', { toTag: 'x' }),
    peerRequest('INVITE', {}, ['From: <sip:twice@h>;tag=2']),
    peerRequest('OPTIONS').replace('SIP/2.0\r\n', 'SIP/3.0\r\n'),
  ]) {
    harness.receive(text);
  }
  harness.clock.advance(60_000);
  t.same(harness.look(), []);
  t.equal(harness.app.requests.length, 0);
  t.same(harness.agent.load, { dialogs: 0, transactions: 0, pending: 0 }, 'and nothing is kept of them');
});

void t.test('a stranger who was called is heard in that call', async (t) => {
  const { gate } = gateWith({ silentToUnknown: true });
  const harness = new AgentHarness(gate);
  gate.know(['198.51.100.7']);
  harness.receive(peerRequest('INVITE'));
  harness.respond('INVITE', 'SIP/2.0 200 OK');
  const toTag = tagIn(harness.lastSent().message.headers.get('To'));
  harness.receive(peerRequest('ACK', { toTag, branch: 'z9hG4bK-ack' }));
  gate.know([]);
  harness.look();
  harness.receive(peerRequest('BYE', { toTag, cseq: 2 }));
  t.equal(harness.app.last('BYE').dialogId !== '', true);
});

void t.test('what is too much gets 503 with Retry-After, of which nothing is kept; what was let in goes on', async (t) => {
  const { gate, clock } = gateWith({ callsPerSecondPerSource: 1 });
  const harness = new AgentHarness(gate);
  harness.receive(peerRequest('INVITE', { callId: 'first', branch: 'z9hG4bK-first' }));
  harness.look();
  harness.receive(peerRequest('INVITE', { callId: 'second', branch: 'z9hG4bK-second' }));
  t.match(harness.lastSent().text, /^SIP\/2\.0 503 [^]*\r\nRetry-After: \d+\r\n/);
  t.same(harness.look(), ['0 503 INVITE'], 'without a 100 before');
  t.equal(harness.agent.load.transactions, 1);
  harness.receive(peerRequest('INVITE', { callId: 'first', branch: 'z9hG4bK-first' }));
  t.same(harness.look(), ['0 100 INVITE'], 'the repetition of what was let in is answered as before');
  harness.receive(peerRequest('CANCEL', { callId: 'first', branch: 'z9hG4bK-first' }));
  t.same(harness.look(), ['0 200 CANCEL', '0 487 INVITE']);
  clock.advance(1000);
  harness.receive(peerRequest('INVITE', { callId: 'second', branch: 'z9hG4bK-second' }));
  t.same(harness.look(), ['0 100 INVITE'], 'and the one that was refused may come again');
});
