import t from 'tap';
import { AgentHarness, PEER, peerRequest, tagIn } from '../../support/agent-harness.js';

/** A harness with an INVITE answered 200; `toTag` is ours. */
function answered(): { harness: AgentHarness; toTag: string; dialogId: string } {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  const outcome = harness.respond('INVITE', 'SIP/2.0 200 OK');
  if (!outcome.ok) throw new Error(outcome.reason);
  return { harness, toTag: tagIn(harness.lastSent().message.headers.get('To')), dialogId: outcome.dialogId };
}

function established(): ReturnType<typeof answered> {
  const call = answered();
  call.harness.receive(peerRequest('ACK', { toTag: call.toTag, branch: 'z9hG4bK-ack' }));
  call.harness.look();
  return call;
}

void t.test('an INVITE is answered 100 at once and delivered outside any dialog', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  t.same(harness.look(), ['0 100 INVITE']);
  const [delivery] = harness.app.requests;
  t.equal(delivery?.dialogId, '');
  t.match(delivery?.message.headers.get('Via'), 'received=198.51.100.7');
  t.match(delivery?.message.headers.get('Via'), 'rport=5062');
  harness.receive(peerRequest('INVITE'));
  t.equal(harness.app.requests.length, 1, 'its retransmission is absorbed');
  t.same(harness.look(), ['0 100 INVITE']);
});

void t.test('the echo of a 200 holds what the application builds its dialog from', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, ['Record-Route: <sip:p2;lr>, <sip:p1;lr>']));
  const outcome = harness.respond(
    'INVITE',
    'SIP/2.0 200 OK',
    ['via: nonsense', 'to: <sip:x@y>;tag=mine', 'bad header: 1'],
    'v=0\r\n',
  );
  t.ok(outcome.ok);
  if (!outcome.ok) return;
  t.equal(outcome.dialogId, 'call-1;from-tag=ann');
  const text = outcome.bytes.toString();
  t.match(text, 'To: <sip:agent@192.0.2.1>;tag=mine\r\n', 'the application may choose the tag');
  t.match(text, 'Contact: <sip:192.0.2.1:5060>\r\n');
  t.match(text, 'Record-Route: <sip:p2;lr>, <sip:p1;lr>\r\n');
  t.match(text, 'Content-Type: application/sdp\r\n');
  t.match(text, /^Via: SIP\/2.0\/UDP 198.51.100.7:5062;/m);
  t.notMatch(text, 'nonsense');
  t.match(harness.respond('INVITE', 'SIP/2.0 486 Busy'), { ok: false, reason: /unknown transaction/ });
});

void t.test('a 2xx repeats until its ACK, which the application sees under the INVITE’s transaction', async (t) => {
  const { harness, toTag, dialogId } = answered();
  harness.look();
  harness.clock.advance(4000);
  t.same(harness.look(), ['500 200 INVITE', '1500 200 INVITE', '3500 200 INVITE']);
  const ack = peerRequest('ACK', { toTag, branch: 'z9hG4bK-ack' });
  harness.receive(ack);
  harness.receive(ack);
  harness.clock.advance(60_000);
  t.same(harness.look(), []);
  const acks = harness.app.requests.filter((r) => r.message.method === 'ACK');
  t.equal(acks.length, 1);
  t.match(acks[0], { dialogId, transactionId: harness.app.last('INVITE').transactionId });
});

void t.test('a 2xx that is never acknowledged ends in a BYE after 64*T1, and the application is told', async (t) => {
  const { harness, dialogId } = answered();
  harness.look();
  harness.clock.advance(31_999);
  t.equal(harness.look().length, 10, 'resent at 0.5, 1.5, 3.5 and then every 4 s');
  harness.clock.advance(1);
  t.same(harness.look(), ['32000 BYE']);
  t.match(harness.app.unsolicited, [{ reason: /ACK timeout/, dialogId }]);
});

void t.test('CANCEL before any answer: 200 and 487 with one To-tag, and the application is told', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.look();
  harness.receive(peerRequest('CANCEL', { branch: 'z9hG4bK-INVITE-1' }));
  const tags = harness.sent.map(({ message }) => tagIn(message.headers.get('To')));
  t.same(harness.look(), ['0 200 CANCEL', '0 487 INVITE']);
  t.ok(tags[0]);
  t.equal(tags[0], tags[1]);
  t.match(harness.app.last('CANCEL'), { dialogId: '', transactionId: harness.app.last('INVITE').transactionId });
  t.match(harness.respond('INVITE', 'SIP/2.0 200 OK'), { ok: false });
  harness.clock.advance(500);
  t.same(harness.look(), ['500 487 INVITE'], 'the 487 is kept in its transaction');
});

void t.test('CANCEL after a provisional names the early dialog; after the 2xx it changes nothing', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.respond('INVITE', 'SIP/2.0 180 Ringing');
  harness.receive(peerRequest('CANCEL', { branch: 'z9hG4bK-INVITE-1' }));
  t.equal(harness.app.last('CANCEL').dialogId, 'call-1;from-tag=ann');
  const late = established();
  late.harness.receive(peerRequest('CANCEL', { branch: 'z9hG4bK-INVITE-1' }));
  t.same(late.harness.look(), ['0 200 CANCEL']);
  t.throws(() => late.harness.app.last('CANCEL'));
});

void t.test('a CANCEL of nothing is 481', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('CANCEL'));
  t.same(harness.look(), ['0 481 CANCEL']);
});

void t.test('BYE in an early dialog ends the call as a CANCEL would', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.respond('INVITE', 'SIP/2.0 180 Ringing', ['To: <sip:agent@192.0.2.1>;tag=us']);
  harness.look();
  harness.receive(peerRequest('BYE', { toTag: 'us', cseq: 2 }));
  t.same(harness.look(), ['0 200 BYE', '0 487 INVITE']);
  t.equal(harness.app.last('CANCEL').transactionId, harness.app.last('INVITE').transactionId);
});

void t.test('BYE reaches the application, and its answer ends the dialog', async (t) => {
  const { harness, toTag, dialogId } = established();
  harness.receive(peerRequest('BYE', { toTag, cseq: 2 }));
  t.equal(harness.app.last('BYE').dialogId, dialogId);
  t.match(harness.respond('BYE', 'SIP/2.0 200 OK'), { ok: true, dialogId: '' });
  harness.receive(peerRequest('INFO', { toTag, cseq: 3 }));
  t.same(harness.look(), ['0 200 BYE', '0 481 INFO']);
  harness.clock.advance(64_000);
  t.same(harness.agent.load, { dialogs: 0, transactions: 0, pending: 0 }, 'nothing is left behind');
  t.equal(harness.clock.pendingTimers, 0);
});

void t.test('a BYE that overtakes the ACK stops the resending of the 2xx', async (t) => {
  const { harness, toTag } = answered();
  harness.receive(peerRequest('BYE', { toTag, cseq: 2 }));
  harness.respond('BYE', 'SIP/2.0 200 OK');
  harness.look();
  harness.clock.advance(60_000);
  t.same(harness.look(), []);
  t.same(harness.app.unsolicited, []);
});

void t.test('the application’s BYE waits for the ACK of its 2xx (RFC 3261 section 15)', async (t) => {
  const { harness, toTag, dialogId } = answered();
  harness.look();
  t.match(harness.request('BYE sip:placeholder SIP/2.0', [], { dialogId }), { ok: false, reason: 'no reply yet' });
  t.same(harness.look(), []);
  harness.receive(peerRequest('ACK', { toTag, branch: 'z9hG4bK-ack' }));
  t.same(harness.look(), ['0 BYE']);
});

void t.test('requests for dialogs that do not exist are 481, an ACK is ignored', async (t) => {
  const harness = new AgentHarness();
  for (const method of ['INVITE', 'BYE', 'INFO', 'UPDATE', 'PRACK']) harness.receive(peerRequest(method, { toTag: 'ghost' }));
  harness.receive(peerRequest('BYE', { branch: 'z9hG4bK-b' }));
  harness.receive(peerRequest('ACK', { toTag: 'ghost' }));
  t.same(harness.look(), ['0 100 INVITE', '0 481 INVITE', '0 481 BYE', '0 481 INFO', '0 481 UPDATE', '0 481 PRACK', '0 481 BYE']);
  t.equal(harness.app.requests.length, 0);
});

void t.test('the same INVITE on two paths, and a second INVITE of one Call-ID, are 482', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.look();
  harness.receive(peerRequest('INVITE', { branch: 'z9hG4bK-other-path' }));
  t.match(harness.look(), ['0 482 INVITE']);
  harness.receive(peerRequest('INVITE', { branch: 'z9hG4bK-third', fromTag: 'else', cseq: 7 }));
  t.match(harness.look().at(-1), '482 INVITE');
  t.equal(harness.app.requests.length, 1);
});

void t.test('an older CSeq is 500, a second re-INVITE 500 with Retry-After, one against ours 491', async (t) => {
  const { harness, toTag, dialogId } = established();
  harness.receive(peerRequest('INFO', { toTag, cseq: 10, branch: 'z9hG4bK-i1' }));
  harness.receive(peerRequest('INFO', { toTag, cseq: 9, branch: 'z9hG4bK-i2' }));
  t.same(harness.look(), ['0 500 INFO']);
  harness.receive(peerRequest('INVITE', { toTag, cseq: 11, branch: 'z9hG4bK-r1' }));
  harness.receive(peerRequest('INVITE', { toTag, cseq: 12, branch: 'z9hG4bK-r2' }));
  t.match(harness.lastSent().text, 'Retry-After');
  t.same(harness.look(), ['0 100 INVITE', '0 100 INVITE', '0 500 INVITE']);
  harness.respond('INVITE', 'SIP/2.0 200 OK');
  harness.receive(peerRequest('ACK', { toTag, cseq: 11, branch: 'z9hG4bK-a2' }));
  t.not(harness.app.last('ACK').transactionId, harness.app.last('INVITE').transactionId, 'a re-INVITE’s ACK has its own');
  harness.request('INVITE sip:placeholder SIP/2.0', [], { dialogId });
  harness.look();
  harness.receive(peerRequest('INVITE', { toTag, cseq: 13, branch: 'z9hG4bK-r3' }));
  t.same(harness.look(), ['0 100 INVITE', '0 491 INVITE']);
});

void t.test('a re-INVITE moves the remote target', async (t) => {
  const { harness, toTag, dialogId } = established();
  harness.receive(peerRequest('INVITE', { toTag, cseq: 2, branch: 'z9hG4bK-r' }, ['Contact: <sip:ann@198.51.100.7:5999>']));
  harness.respond('INVITE', 'SIP/2.0 200 OK');
  harness.receive(peerRequest('ACK', { toTag, cseq: 2, branch: 'z9hG4bK-ra' }));
  harness.request('INFO sip:placeholder SIP/2.0', ['Content-Type: text/plain'], { dialogId, body: 'x' });
  t.match(harness.lastSent().text, /^INFO sip:ann@198\.51\.100\.7:5999 SIP/);
});

void t.test('an INVITE nobody answers is 480 after 64 s, other requests 500 before the peer gives up', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.receive(peerRequest('OPTIONS', { callId: 'o' }));
  harness.look();
  harness.clock.advance(30_000);
  t.same(harness.look(), ['30000 500 OPTIONS']);
  harness.clock.advance(34_000);
  t.same(harness.look()[0], '64000 480 INVITE');
});

void t.test('a reliable provisional repeats until its PRACK (RFC 3262)', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, ['Supported: 100rel']));
  harness.look();
  const outcome = harness.respond(
    'INVITE',
    'SIP/2.0 183 Session Progress',
    ['require: 100rel', 'to: <sip:agent@192.0.2.1>;tag=us'],
    'v=0\r\n',
  );
  t.match(outcome, { ok: true, dialogId: 'call-1;from-tag=ann' });
  t.match(harness.lastSent().text, 'RSeq: 1\r\n');
  t.match(harness.lastSent().text, 'Contact: ');
  harness.clock.advance(1500);
  t.same(harness.look(), ['0 183 INVITE', '500 183 INVITE', '1500 183 INVITE']);
  harness.receive(peerRequest('PRACK', { toTag: 'us', cseq: 2, branch: 'z9hG4bK-p0' }, ['RAck: 9 1 INVITE']));
  t.same(harness.look(), ['1500 481 PRACK']);
  harness.receive(peerRequest('PRACK', { toTag: 'us', cseq: 3, branch: 'z9hG4bK-p1' }, ['RAck: 1 1 INVITE']));
  t.equal(harness.app.last('PRACK').dialogId, 'call-1;from-tag=ann');
  harness.respond('PRACK', 'SIP/2.0 200 OK');
  harness.clock.advance(20_000);
  t.same(harness.look(), ['1500 200 PRACK']);
});

void t.test('a reliable provisional to a peer that does not know them is refused', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  harness.look();
  const outcome = harness.respond('INVITE', 'SIP/2.0 183 Session Progress', ['require: 100rel']);
  t.match(outcome, { ok: false, reason: 'Remote endpoint does not support 100rel' });
  t.same(harness.look(), []);
});

void t.test('behind a NAT, requests go where the peer’s packets came from', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, ['Contact: <sip:ann@10.1.1.1:5060>']));
  const outcome = harness.respond('INVITE', 'SIP/2.0 200 OK', ['to: <sip:agent@192.0.2.1>;tag=us']);
  harness.receive(peerRequest('ACK', { toTag: 'us', branch: 'z9hG4bK-ack' }));
  harness.request('BYE sip:placeholder SIP/2.0', [], { dialogId: outcome.ok ? outcome.dialogId : '' });
  t.match(harness.lastSent(), { to: PEER, text: /^BYE sip:ann@10\.1\.1\.1:5060 SIP/ });
});

void t.test('a route set is followed, loose and strict', async (t) => {
  for (const [param, uri, routes] of [
    [';lr', 'sip:ann@198.51.100.7:5062', '<sip:203.0.113.9;lr>'],
    ['', 'sip:203.0.113.9', '<sip:ann@198.51.100.7:5062>'],
  ] as const) {
    const harness = new AgentHarness();
    harness.receive(peerRequest('INVITE', {}, [`Record-Route: <sip:203.0.113.9${param}>`]));
    const outcome = harness.respond('INVITE', 'SIP/2.0 200 OK', ['to: <sip:agent@192.0.2.1>;tag=us']);
    harness.receive(peerRequest('ACK', { toTag: 'us', branch: 'z9hG4bK-ack' }));
    harness.request('BYE sip:placeholder SIP/2.0', [], { dialogId: outcome.ok ? outcome.dialogId : '' });
    const { to, message } = harness.lastSent();
    t.match(to, { address: '203.0.113.9', port: 5060 });
    t.match(message, { uri });
    t.same(message.headers.list('Route'), [routes]);
  }
});

void t.test('when the application is gone its calls are ended and its INVITEs refused', async (t) => {
  const { harness, toTag } = established();
  harness.receive(peerRequest('INVITE', { callId: 'second', branch: 'z9hG4bK-second' }));
  harness.app.connected = false;
  harness.receive(peerRequest('INFO', { toTag, cseq: 5, branch: 'z9hG4bK-info' }));
  t.same(harness.look(), ['0 100 INVITE', '0 481 INFO']);
  harness.agent.abandon(harness.app);
  t.same(harness.look(), ['0 480 INVITE', '0 BYE']);
});
