import t from 'tap';
import type { SipMessage } from '../../../src/signalling/message/sip-message.js';
import { AgentHarness, peerRequest, peerResponse, tagIn } from '../../support/agent-harness.js';

const TIMER = ['Supported: timer'];

/** A call the application has answered with an SDP and the peer acknowledged, whose INVITE had these headers. */
function established(headers: readonly string[]): { harness: AgentHarness; toTag: string; dialogId: string; answer: string } {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, headers));
  const outcome = harness.respond('INVITE', 'SIP/2.0 200 OK', [], 'v=0\r\nours\r\n');
  if (!outcome.ok) throw new Error(outcome.reason);
  const toTag = tagIn(harness.lastSent().message.headers.get('To'));
  harness.receive(peerRequest('ACK', { toTag, branch: 'z9hG4bK-ack' }));
  harness.look();
  return { harness, toTag, dialogId: outcome.dialogId, answer: outcome.bytes.toString() };
}

const lastRequest = (harness: AgentHarness, method: string): SipMessage => {
  const { message } = harness.lastSent();
  if (message.kind !== 'request' || message.method !== method) throw new Error(`the last message is no ${method}`);
  return message;
};

void t.test('a peer that asks us to refresh is refreshed half way by the same offer, without the application', async (t) => {
  const { harness, answer } = established([...TIMER, 'Session-Expires: 1800;refresher=uas']);
  t.match(answer, 'Session-Expires: 1800;refresher=uas\r\n');
  harness.clock.advance(899_999);
  t.same(harness.look(), []);
  harness.clock.advance(1);
  const refresh = lastRequest(harness, 'INVITE');
  t.equal(refresh.body.toString(), 'v=0\r\nours\r\n');
  t.equal(refresh.headers.get('Session-Expires'), '1800;refresher=uac');
  const ok = peerResponse(refresh, 200, '', ['Session-Expires: 1800;refresher=uac', 'Contact: <sip:ann@198.51.100.7:5062>']);
  harness.receive(ok);
  harness.receive(ok);
  t.same(harness.look(), ['900000 INVITE', '900000 ACK', '900000 ACK'], 'a repeated 2xx is acknowledged again');
  t.same(harness.app.responses, []);
  harness.clock.advance(900_000);
  t.equal(harness.look()[0], '1800000 INVITE', 'and so on');
});

void t.test('a peer that allows UPDATE is refreshed by UPDATE', async (t) => {
  const { harness } = established([...TIMER, 'Session-Expires: 90;refresher=uas', 'Allow: INVITE, UPDATE']);
  harness.clock.advance(45_000);
  const refresh = lastRequest(harness, 'UPDATE');
  t.equal(refresh.body.length, 0);
});

void t.test('a peer that promised to refresh and does not is hung up before the end, and the application is told', async (t) => {
  const { harness, answer, dialogId } = established([...TIMER, 'Session-Expires: 90;refresher=uac']);
  t.match(answer, 'Require: timer\r\n');
  harness.clock.advance(59_999);
  t.same(harness.look(), []);
  harness.clock.advance(1);
  t.same(harness.look(), ['60000 BYE']);
  t.match(harness.app.unsolicited, [{ dialogId, reason: /Session timer expired/ }]);
});

void t.test('the peer’s refresh starts the timer again', async (t) => {
  const { harness, toTag } = established([...TIMER, 'Session-Expires: 90;refresher=uac']);
  harness.clock.advance(45_000);
  harness.receive(
    peerRequest('INVITE', { toTag, cseq: 2, branch: 'z9hG4bK-r' }, [...TIMER, 'Session-Expires: 90;refresher=uac']),
  );
  harness.respond('INVITE', 'SIP/2.0 200 OK');
  harness.receive(peerRequest('ACK', { toTag, cseq: 2, branch: 'z9hG4bK-ra' }));
  harness.look();
  harness.clock.advance(59_999);
  t.same(harness.look(), []);
  harness.clock.advance(1);
  t.same(harness.look(), ['105000 BYE']);
});

void t.test('without a named refresher there is no timer', async (t) => {
  const { harness, answer } = established([...TIMER, 'Session-Expires: 90']);
  t.notMatch(answer, 'Session-Expires');
  harness.clock.advance(1_000_000);
  t.same(harness.look(), []);
});

void t.test('an interval below 90 s is 422 with Min-SE, at the start and in the call', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, [...TIMER, 'Session-Expires: 60']));
  t.match(harness.lastSent().text, /^SIP\/2\.0 422 [^]*Min-SE: 90\r\n/);
  const { harness: inCall, toTag } = established([]);
  inCall.receive(peerRequest('UPDATE', { toTag, cseq: 2 }, [...TIMER, 'Session-Expires: 60']));
  t.same(inCall.look(), ['0 422 UPDATE']);
});

void t.test('a refresh that meets 491 is tried again, any other refusal ends the call', async (t) => {
  const { harness, dialogId } = established([...TIMER, 'Session-Expires: 90;refresher=uas']);
  harness.clock.advance(45_000);
  harness.receive(peerResponse(lastRequest(harness, 'INVITE'), 491, ''));
  harness.look();
  harness.clock.advance(3000);
  harness.receive(peerResponse(lastRequest(harness, 'INVITE'), 481, ''));
  t.same(harness.look(), ['48000 INVITE', '48000 ACK', '48000 BYE']);
  t.match(harness.app.unsolicited, [{ dialogId, reason: /Session refresh failed/ }]);
});

void t.test('a refresh waits while the application changes the session, whose own re-INVITE keeps the agreement', async (t) => {
  const { harness, dialogId } = established([...TIMER, 'Session-Expires: 90;refresher=uas']);
  harness.clock.advance(44_000);
  harness.request('INVITE sip:placeholder SIP/2.0', [], { dialogId, body: 'v=0\r\n' });
  t.match(harness.lastSent().text, 'Session-Expires: 90;refresher=uac');
  harness.receive(peerResponse(lastRequest(harness, 'INVITE'), 100, ''));
  harness.look();
  harness.clock.advance(10_000);
  t.same(harness.look(), []);
});

void t.test('as the caller we refresh when the 200 says so or says nothing', async (t) => {
  const harness = new AgentHarness();
  harness.request('INVITE sip:bob@198.51.100.7:5062 SIP/2.0', [], { body: 'v=0\r\n' });
  const invite = lastRequest(harness, 'INVITE');
  harness.receive(peerResponse(invite, 200, 'bob', ['Session-Expires: 90', 'Contact: <sip:bob@198.51.100.7:5062>']));
  const dialogId = harness.app.responses.at(-1)?.dialogId ?? '';
  harness.request('ACK sip:x SIP/2.0', [], { dialogId });
  harness.look();
  harness.clock.advance(45_000);
  t.same(harness.look(), ['45000 INVITE']);
});

void t.test('an ended call refreshes nothing', async (t) => {
  const { harness, toTag } = established([...TIMER, 'Session-Expires: 90;refresher=uas']);
  harness.receive(peerRequest('BYE', { toTag, cseq: 2 }));
  harness.respond('BYE', 'SIP/2.0 200 OK');
  harness.look();
  harness.clock.advance(200_000);
  t.same(harness.look(), []);
  t.equal(harness.clock.pendingTimers, 0);
});
