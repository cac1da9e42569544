import t from 'tap';
import type { SipMessage } from '../../../src/signalling/message/sip-message.js';
import { AgentHarness, peerRequest, peerResponse, tagIn } from '../../support/agent-harness.js';

const URI = 'sip:bob@198.51.100.7:5062';
const contactOf = (user: string): string => `Contact: <sip:${user}@198.51.100.7:5062>`;
const reliable = (sequence: number, user = 'bob'): string[] => [contactOf(user), 'Require: 100rel', `RSeq: ${sequence}`];

/** A harness whose application has sent an INVITE. */
function calling(): { harness: AgentHarness; invite: SipMessage; dialogId: string } {
  const harness = new AgentHarness();
  harness.request(`INVITE ${URI} SIP/2.0`, ['supported: 100rel'], { body: 'v=0\r\n' });
  const invite = harness.lastSent().message;
  harness.look();
  return { harness, invite, dialogId: `${invite.headers.get('Call-ID')};from-tag=${tagIn(invite.headers.get('From'))}` };
}

const statuses = (harness: AgentHarness): number[] => harness.app.responses.map(({ message }) => message.status);
const prack = (harness: AgentHarness, dialogId: string, sequence: number): string => {
  harness.request('PRACK sip:whatever SIP/2.0', [`rack: ${sequence} 1 INVITE`], { dialogId });
  return harness.lastSent().text;
};

void t.test('reliable provisionals are taken in the order of their RSeq, each once (RFC 3262 section 4)', async (t) => {
  const { harness, invite } = calling();
  harness.receive(peerResponse(invite, 180, 'bob', reliable(7)));
  harness.receive(peerResponse(invite, 180, 'bob', reliable(7)));
  t.same(statuses(harness), [180], 'the repeated one is passed over');
  harness.receive(peerResponse(invite, 183, 'bob', reliable(9)));
  harness.receive(peerResponse(invite, 181, 'bob', reliable(6)));
  t.same(statuses(harness), [180], 'so is one that came too early or too late');
  harness.receive(peerResponse(invite, 182, 'bob', reliable(8)));
  harness.receive(peerResponse(invite, 183, 'bob', reliable(9)));
  t.same(statuses(harness), [180, 182, 183]);
});

void t.test('an RSeq on a provisional that is not reliable is not shown, or the library would acknowledge it', async (t) => {
  const { harness, invite } = calling();
  harness.receive(peerResponse(invite, 180, 'bob', [contactOf('bob'), 'RSeq: 7']));
  t.equal(harness.app.responses[0]?.message.headers.get('RSeq'), undefined);
});

void t.test('each fork counts for itself, and a PRACK goes to the fork whose provisional it names', async (t) => {
  const { harness, invite, dialogId } = calling();
  harness.receive(peerResponse(invite, 183, 'bob', reliable(7)));
  harness.receive(peerResponse(invite, 183, 'carol', reliable(40, 'carol')));
  t.same(statuses(harness), [183, 183]);
  t.match(prack(harness, dialogId, 7), /^PRACK sip:bob@[\s\S]*To: .*tag=bob[\s\S]*CSeq: 2 PRACK/);
  t.match(prack(harness, dialogId, 40), /^PRACK sip:carol@[\s\S]*To: .*tag=carol[\s\S]*CSeq: 2 PRACK/);
  harness.receive(peerResponse(invite, 180, 'bob', reliable(8)));
  t.match(prack(harness, dialogId, 8), /^PRACK sip:bob@[\s\S]*CSeq: 3 PRACK/);
});

/** A harness whose application has rung reliably. */
function ringing(): AgentHarness {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, ['Supported: 100rel']));
  harness.respond('INVITE', 'SIP/2.0 180 Ringing', ['require: 100rel', 'to: <sip:agent@192.0.2.1>;tag=us']);
  harness.look();
  return harness;
}

void t.test('a caller that never acknowledges the ringing is refused, and the application is told why', async (t) => {
  const harness = ringing();
  harness.clock.advance(31_999);
  t.equal(harness.look().length, 6, 'repeated at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s');
  harness.clock.advance(1);
  t.match(harness.look(), ['32000 504 INVITE']);
  t.match(harness.app.last('CANCEL').message.headers.get('Reason'), /cause=504;text="PRACK timeout"/);
  t.match(harness.respond('INVITE', 'SIP/2.0 200 OK'), { ok: false });
});

void t.test('a PRACK must name the INVITE it belongs to', async (t) => {
  const harness = ringing();
  const say = (cseq: number, rack: string): void =>
    harness.receive(peerRequest('PRACK', { toTag: 'us', cseq, branch: `z9hG4bK-p${cseq}` }, [`RAck: ${rack}`]));
  say(2, '1 9 INVITE');
  t.same(harness.look(), ['0 481 PRACK']);
  say(3, '1 1 INVITE');
  harness.respond('PRACK', 'SIP/2.0 200 OK');
  t.same(harness.look(), ['0 200 PRACK']);
  harness.clock.advance(40_000);
  t.same(harness.look(), [], 'acknowledged: neither repeated nor given up');
});

void t.test('an invitation that runs out is answered 487 (RFC 3261 section 13.3.1)', async (t) => {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', {}, ['Expires: 20']));
  harness.respond('INVITE', 'SIP/2.0 180 Ringing');
  harness.look();
  harness.clock.advance(20_000);
  t.same(harness.look(), ['20000 487 INVITE']);
  t.match(harness.app.last('CANCEL').message.headers.get('Reason'), /Invitation expired/);
  const answered = new AgentHarness();
  answered.receive(peerRequest('INVITE', {}, ['Expires: 20']));
  answered.respond('INVITE', 'SIP/2.0 200 OK', ['to: <sip:agent@192.0.2.1>;tag=us']);
  answered.receive(peerRequest('ACK', { toTag: 'us', branch: 'z9hG4bK-ack' }));
  answered.look();
  answered.clock.advance(20_000);
  t.same(answered.look(), [], 'one that was answered is not touched');
});
