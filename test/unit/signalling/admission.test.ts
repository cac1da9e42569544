import t from 'tap';
import { AgentHarness, peerRequest } from '../../support/agent-harness.js';

type Row = { what: string; text: string; status: number; headers?: readonly RegExp[]; routed?: string[] };

const ROWS: Row[] = [
  {
    what: 'a known method nobody routes is 405 with Allow',
    text: peerRequest('MESSAGE'),
    status: 405,
    headers: [/^Allow: .*INVITE, ACK, CANCEL, BYE/m],
  },
  { what: 'a method nobody knows is 501', text: peerRequest('NEWMETHOD'), status: 501, headers: [/^Allow: /m] },
  { what: 'anything is 503 while no application is there', text: peerRequest('INVITE'), status: 503, routed: [] },
  { what: 'OPTIONS is 503 while no application is there', text: peerRequest('OPTIONS'), status: 503, routed: [] },
  {
    what: 'OPTIONS that nobody routes is answered by the server',
    text: peerRequest('OPTIONS'),
    status: 200,
    headers: [/^Allow: /m, /^Accept: application\/sdp/m],
    routed: ['INVITE'],
  },
  {
    what: 'a required extension nobody understands is 420 and named',
    text: peerRequest('INVITE', {}, ['Require: 100rel, nothingSupportsThis', 'Require: norThis']),
    status: 420,
    headers: [/^Unsupported: nothingSupportsThis, norThis\r$/m],
  },
  {
    what: 'a request at the end of its hops is 483',
    text: peerRequest('INVITE').replace('Forwards: 70', 'Forwards: 0'),
    status: 483,
  },
  { what: 'an INVITE without Contact is 400', text: peerRequest('INVITE', {}, ['Contact']), status: 400 },
  { what: 'a URI of an unknown scheme is 416', text: peerRequest('INVITE', { uri: 'unknown:x' }), status: 416 },
  { what: 'another version is 505', text: peerRequest('INVITE').replace('SIP/2.0\r\n', 'SIP/3.0\r\n'), status: 505 },
  { what: 'a broken header is 400', text: peerRequest('INVITE', {}, ['From: <sip:twice@h>;tag=2']), status: 400 },
];

for (const { what, text, status, headers = [], routed } of ROWS) {
  void t.test(what, async (t) => {
    const harness = new AgentHarness();
    if (routed) harness.routed = routed;
    harness.receive(text);
    const { message, text: sent } = harness.lastSent();
    t.match(message, { kind: 'response', status });
    t.match(sent, /^To: .*;tag=/m, 'a final response has a To-tag');
    for (const expected of headers) t.match(sent, expected);
    t.equal(harness.app.requests.length, 0, 'the application is not troubled');
  });
}

void t.test('a broken ACK is never answered, nor is a broken response', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('ACK', {}, ['Call-ID: twice']));
  harness.receive('SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nContent-Length: 99\r\n\r\n');
  t.same(harness.look(), []);
});

void t.test('a request without any Via cannot be answered and is not', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE').replace(/^Via: .*\r\n/m, ''));
  t.same(harness.look(), []);
});

void t.test('a peer of RFC 2543 that sends no branch is matched all the same', async (t) => {
  const harness = new AgentHarness();
  const invite = peerRequest('INVITE', { branch: 'old' });
  harness.receive(invite);
  harness.receive(invite);
  t.equal(harness.app.requests.length, 1);
  harness.respond('INVITE', 'SIP/2.0 486 Busy Here', ['to: <sip:agent@192.0.2.1>;tag=us']);
  harness.receive(peerRequest('ACK', { branch: 'old', toTag: 'us' }));
  harness.look();
  harness.clock.advance(10_000);
  t.same(harness.look(), [], 'the ACK ended the repeating of the 486');
});
