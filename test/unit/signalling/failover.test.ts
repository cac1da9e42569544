import t from 'tap';
import type { SipMessage } from '../../../src/signalling/message/sip-message.js';
import { AgentHarness, peerResponse } from '../../support/agent-harness.js';

const URI = 'sip:bob@198.51.100.7:5062';
const BACKUP = '203.0.113.9';
const ROUTE = `${URI};transport=udp;x-backup=${BACKUP}:5070&[2001:db8::9]`;
const FROM_BACKUP = { transport: 'udp', address: BACKUP, port: 5070 } as const;

type Options = { body?: string; routeUrl?: string; headers?: readonly string[] };

/** A harness whose application has sent a request to a trunk of three servers. */
function asking(method: string, options: Options = {}): AgentHarness {
  const harness = new AgentHarness();
  ask(harness, method, options);
  return harness;
}

/** @returns its transaction. */
function ask(harness: AgentHarness, method: string, { body = '', routeUrl = ROUTE, headers = [] }: Options = {}): string {
  const outcome = harness.request(`${method} ${URI} SIP/2.0`, headers, { routeUrl, body });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.transactionId;
}

const destinations = (harness: AgentHarness): string[] =>
  harness.sent.map(({ to, message }) => `${wordOf(message)} ${to.transport} ${to.address}:${to.port}`);
const wordOf = (message: SipMessage): string => (message.kind === 'request' ? message.method : String(message.status));
const heard = (harness: AgentHarness): number[] => harness.app.responses.map(({ message }) => message.status);
const branchOf = (message: SipMessage): string => /branch=([^;]+)/.exec(message.headers.get('Via') ?? '')?.[1] ?? '';

for (const method of ['INVITE', 'REGISTER', 'OPTIONS']) {
  void t.test(`${method}: a server that says nothing loses its turn after 8 T1, the next one answers`, (t) => {
    const harness = asking(method);
    const first = harness.lastSent().message;
    harness.clock.advance(3999);
    t.equal(harness.lastSent().to.address, '198.51.100.7');
    harness.clock.advance(1);
    const { message, to } = harness.lastSent();
    t.match(to, { address: BACKUP, port: 5070 });
    for (const name of ['From', 'To', 'Call-ID', 'CSeq']) t.equal(message.headers.get(name), first.headers.get(name), name);
    t.not(branchOf(message), branchOf(first), 'a new transaction');
    t.equal(message.kind === 'request' && message.uri, URI, 'the same request');
    t.same(heard(harness), []);
    harness.receive(peerResponse(message, 486, 'bob'), FROM_BACKUP);
    t.same(heard(harness), [486]);
    t.end();
  });
}

void t.test('a server that failed is passed over for a while, then it is the first again', (t) => {
  const harness = asking('OPTIONS');
  harness.clock.advance(4000);
  harness.receive(peerResponse(harness.lastSent().message, 200, 'x'), FROM_BACKUP);
  ask(harness, 'OPTIONS');
  t.equal(harness.lastSent().to.address, BACKUP);
  harness.clock.advance(60_000);
  ask(harness, 'OPTIONS');
  t.equal(harness.lastSent().to.address, '198.51.100.7');
  t.end();
});

void t.test('503 leads to the next server, and to us only when it was the last', (t) => {
  const harness = asking('REGISTER');
  harness.receive(peerResponse(harness.lastSent().message, 503, 'x'));
  harness.receive(peerResponse(harness.lastSent().message, 503, 'x'), FROM_BACKUP);
  t.same(heard(harness), []);
  const { message, to } = harness.lastSent();
  t.match(to, { address: '2001:db8::9', port: 5060 });
  harness.receive(peerResponse(message, 503, 'x'), to);
  t.same(heard(harness), [503]);
  t.end();
});

void t.test('what rings already does not ring at another server, and neither does what was cancelled', (t) => {
  const ringing = asking('INVITE');
  const invite = ringing.lastSent().message;
  ringing.receive(peerResponse(invite, 180, 'bob'));
  ringing.receive(peerResponse(invite, 503, 'bob'));
  t.same(heard(ringing), [180, 503]);
  const cancelled = new AgentHarness();
  const transactionId = ask(cancelled, 'INVITE');
  t.ok(cancelled.request(`CANCEL ${URI} SIP/2.0`, [], { transactionId }).ok);
  cancelled.clock.advance(4000);
  t.same(heard(cancelled), [408]);
  t.notOk(cancelled.sent.some(({ to }) => to.address === BACKUP));
  t.end();
});

void t.test('an INVITE that was passed over and rings late is taken back', (t) => {
  const harness = asking('INVITE', { body: 'v=0\r\n' });
  const slow = harness.lastSent().message;
  harness.clock.advance(4000);
  const invite = harness.lastSent().message;
  harness.receive(peerResponse(slow, 180, 'late'));
  t.match(harness.lastSent(), { to: { address: '198.51.100.7' }, message: { method: 'CANCEL' } });
  t.equal(branchOf(harness.lastSent().message), branchOf(slow));
  harness.receive(peerResponse(slow, 200, 'late', ['Contact: <sip:bob@198.51.100.7:5062>']));
  t.same(destinations(harness).slice(-2), ['ACK udp 198.51.100.7:5062', 'BYE udp 198.51.100.7:5062']);
  t.same(heard(harness), []);
  harness.receive(peerResponse(invite, 200, 'bob', ['Contact: <sip:bob@203.0.113.9:5070>']), FROM_BACKUP);
  t.same(heard(harness), [200]);
  t.end();
});

const LARGE = { body: `v=0\r\n${'a=x\r\n'.repeat(300)}`, routeUrl: `${URI};transport=udp` };

void t.test('what is larger than 1300 bytes goes over TCP, and says so in its Via', (t) => {
  const harness = asking('INVITE', LARGE);
  t.equal(harness.lastSent().to.transport, 'tcp');
  t.match(harness.lastSent().message.headers.get('Via'), 'SIP/2.0/TCP ');
  t.equal(asking('INVITE', { routeUrl: `${URI};transport=udp` }).lastSent().to.transport, 'udp');
  t.end();
});

void t.test('where TCP is refused the same request goes over UDP, the next one at once', (t) => {
  const harness = new AgentHarness();
  harness.refusing.add('tcp/198.51.100.7');
  ask(harness, 'INVITE', LARGE);
  t.same(destinations(harness), []);
  harness.clock.advance(0);
  t.same(destinations(harness), ['INVITE udp 198.51.100.7:5062']);
  t.match(harness.lastSent().message.headers.get('Via'), 'SIP/2.0/UDP ');
  ask(harness, 'INVITE', LARGE);
  t.same(destinations(harness), ['INVITE udp 198.51.100.7:5062', 'INVITE udp 198.51.100.7:5062']);
  t.end();
});

void t.test('names are looked up, those of backups too', async (t) => {
  const harness = new AgentHarness();
  harness.srv['_sip._udp.trunk.example'] = [{ name: 'one.example', port: 5090, priority: 1, weight: 1 }];
  harness.names['one.example'] = ['192.0.2.77'];
  harness.names['backup.example'] = ['192.0.2.78'];
  harness.request('OPTIONS sip:trunk.example SIP/2.0', [], {
    routeUrl: 'sip:trunk.example;transport=udp;x-backup=backup.example:5091',
  });
  await new Promise((resolve) => setImmediate(resolve));
  harness.clock.advance(4000);
  t.same([...new Set(destinations(harness))], ['OPTIONS udp 192.0.2.77:5090', 'OPTIONS udp 192.0.2.78:5091']);
  t.end();
});
