import t from 'tap';
import type { SipMessage } from '../../../src/signalling/message/sip-message.js';
import { AgentHarness, peerResponse } from '../../support/agent-harness.js';

const CONTACT = ['Contact: <sip:bob@198.51.100.7:5062>'];

/** A harness whose application has sent an INVITE that must be responded to within 4 s. */
function impatient(): { harness: AgentHarness; invite: SipMessage } {
  const harness = new AgentHarness();
  harness.request('INVITE sip:bob@198.51.100.7:5062 SIP/2.0', ['x-first-response-ms: 4000'], { body: 'v=0\r\n' });
  return { harness, invite: harness.lastSent().message };
}

const statuses = (harness: AgentHarness): number[] => harness.app.responses.map(({ message }) => message.status);

void t.test('an INVITE that nobody responds to counts as unanswered after the time its application gave', async (t) => {
  const { harness } = impatient();
  t.notMatch(harness.lastSent().text, /first-response/i, 'which stays here');
  harness.clock.advance(3_999);
  t.same(harness.look(), ['0 INVITE', '500 INVITE', '1500 INVITE', '3500 INVITE']);
  t.same(statuses(harness), []);
  harness.clock.advance(1);
  t.same(statuses(harness), [408]);
  harness.clock.advance(40_000);
  t.same(harness.look(), [], 'and is not repeated any more');
  t.same(statuses(harness), [408]);
  t.same(harness.agent.load, { dialogs: 0, transactions: 0, pending: 0 });
});

void t.test('a 100 is a response: the call may then ring as long as it likes', async (t) => {
  const { harness, invite } = impatient();
  harness.clock.advance(3_900);
  harness.receive(peerResponse(invite, 100, ''));
  harness.clock.advance(60_000);
  t.same(statuses(harness), []);
});

void t.test('a peer that wakes up too late is told that nobody waits: CANCEL while it rings', async (t) => {
  const { harness, invite } = impatient();
  harness.clock.advance(5_000);
  harness.look();
  harness.receive(peerResponse(invite, 180, 'bob', CONTACT));
  t.same(harness.look(), ['5000 CANCEL']);
  harness.receive(peerResponse(invite, 487, 'bob'));
  t.same(harness.look(), ['5000 ACK']);
  t.same(statuses(harness), [408], 'the application hears nothing of it');
});

void t.test('… and ACK with BYE when it has answered', async (t) => {
  const { harness, invite } = impatient();
  harness.clock.advance(5_000);
  harness.look();
  harness.receive(peerResponse(invite, 200, 'bob', CONTACT));
  t.same(harness.look(), ['5000 ACK', '5000 BYE']);
  t.same(statuses(harness), [408]);
  t.same(harness.app.unsolicited, []);
});

void t.test('a time that is none changes nothing', async (t) => {
  for (const value of ['0', '-1', 'soon', '99999999']) {
    const harness = new AgentHarness();
    harness.request('INVITE sip:bob@198.51.100.7:5062 SIP/2.0', [`x-first-response-ms: ${value}`]);
    harness.clock.advance(31_999);
    t.same(statuses(harness), [], value);
    harness.clock.advance(1);
    t.same(statuses(harness), [408], value);
  }
});
