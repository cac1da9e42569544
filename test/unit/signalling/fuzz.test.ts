import * as fc from 'fast-check';
import t from 'tap';
import { AgentHarness, peerRequest, peerResponse, tagIn } from '../../support/agent-harness.js';

/** A harness in the middle of everything: a call each way, one ringing each way. */
function busy(): { harness: AgentHarness; texts: string[]; dialogIds: string[] } {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE'));
  const answered = harness.respond('INVITE', 'SIP/2.0 200 OK');
  const toTag = tagIn(harness.lastSent().message.headers.get('To'));
  harness.receive(peerRequest('ACK', { toTag, branch: 'z9hG4bK-ack' }));
  harness.receive(peerRequest('INVITE', { callId: 'ringing', branch: 'z9hG4bK-ring' }, ['Supported: 100rel']));
  harness.respond('INVITE', 'SIP/2.0 183 Session Progress', ['require: 100rel']);
  harness.request('INVITE sip:bob@198.51.100.7:5062 SIP/2.0');
  const invite = harness.lastSent().message;
  harness.receive(peerResponse(invite, 180, 'bob'));
  const texts = [
    ...['INVITE', 'BYE', 'INFO', 'UPDATE', 'PRACK', 'ACK', 'REFER'].map((m) =>
      peerRequest(m, { toTag, cseq: 5 }, ['RAck: 1 1 INVITE']),
    ),
    peerRequest('CANCEL', { callId: 'ringing', branch: 'z9hG4bK-ring' }),
    peerRequest('OPTIONS', { callId: 'o' }),
    ...[100, 183, 200, 302, 401, 487, 603].map((status) =>
      peerResponse(invite, status, 'bob', ['Contact: <sip:b@h>', 'Session-Expires: 90']),
    ),
  ];
  return { harness, texts, dialogIds: answered.ok ? [answered.dialogId, ''] : [''] };
}

const damage = fc.record({
  which: fc.nat(100),
  at: fc.nat(700),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('"', '<', '>', ';', ',', '\r\n', '\r\n ', '@', '*', ';lr', '\r\n\r\n'),
  ),
  advanceMs: fc.constantFrom(0, 0, 500, 4000, 40_000),
});

void t.test('no sequence of damaged messages makes the user agent throw, and in the end nothing is left', async () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 25 }), (steps) => {
      const { harness, texts } = busy();
      for (const { which, at, remove, insert, advanceMs } of steps) {
        const text = texts[which % texts.length] ?? '';
        const position = at % text.length;
        harness.receive(text.slice(0, position) + insert + text.slice(position + remove));
        harness.clock.advance(advanceMs);
      }
      harness.agent.endAll();
      harness.clock.advance(400_000);
      const { dialogs, transactions, pending } = harness.agent.load;
      return dialogs + transactions + pending === 0 && harness.clock.pendingTimers === 0;
    }),
    { numRuns: 150 },
  );
});

void t.test('nothing an application says makes the user agent throw, and everything is answered', async () => {
  const line = fc.constantFrom(
    'INVITE sip:bob@198.51.100.7 SIP/2.0',
    'BYE sip:placeholder SIP/2.0',
    'ACK sip:x SIP/2.0',
    'CANCEL sip:x SIP/2.0',
    'SIP/2.0 200 OK',
    'SIP/2.0 180',
    'SIP/2.0 999 x',
    'INFO tel:1 SIP/2.0',
    'INVITE',
    '',
  );
  const headers = fc.array(
    fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom('cseq: 9 INVITE', 'contact: *', 'to: <', 'from: ;', 'require: 100rel'),
    ),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(
      line,
      headers,
      fc.boolean(),
      fc.boolean(),
      fc.string({ maxLength: 10 }),
      (startLine, extra, inDialog, asResponse, body) => {
        const { harness, dialogIds } = busy();
        if (asResponse) return harness.respond('INVITE', startLine, extra, body) !== undefined;
        const outcome = harness.request(startLine, extra, { dialogId: inDialog ? (dialogIds[0] ?? '') : '', body });
        return outcome.ok || outcome.reason !== 'no reply yet';
      },
    ),
    { numRuns: 300 },
  );
});
