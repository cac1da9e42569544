import t from 'tap';
import { AgentHarness, peerRequest, peerResponse, tagIn } from '../../support/agent-harness.js';

/** A call of the peer's, answered and acknowledged; `send` is a request of the peer's in it. */
function established(): {
  harness: AgentHarness;
  dialogId: string;
  send: (method: string, cseq: number, extra?: readonly string[]) => void;
} {
  const harness = new AgentHarness();
  harness.receive(peerRequest('INVITE', { cseq: 5 }));
  const outcome = harness.respond('INVITE', 'SIP/2.0 200 OK');
  if (!outcome.ok) throw new Error(outcome.reason);
  const toTag = tagIn(harness.lastSent().message.headers.get('To'));
  harness.receive(peerRequest('ACK', { toTag, cseq: 5, branch: 'z9hG4bK-ack' }));
  harness.look();
  const send = (method: string, cseq: number, extra: readonly string[] = []): void =>
    harness.receive(peerRequest(method, { toTag, cseq, branch: `z9hG4bK-${method}-${cseq}` }, extra));
  return { harness, dialogId: outcome.dialogId, send };
}

const lastHeader = (harness: AgentHarness, name: string): string => harness.lastSent().message.headers.get(name) ?? '';

void t.test('a request older than the one before is 500 (RFC 3261 section 12.2.2)', async (t) => {
  const { harness, send } = established();
  send('INFO', 4);
  t.same(harness.look(), ['0 500 INFO']);
  t.throws(() => harness.app.last('INFO'));
});

void t.test('an extension nobody understands is 420 in a call, too', async (t) => {
  const { harness, send } = established();
  send('INFO', 6, ['Require: foo']);
  t.equal(lastHeader(harness, 'Unsupported'), 'foo');
  t.same(harness.look(), ['0 420 INFO']);
});

void t.test('a second re-INVITE or UPDATE before the first is answered is 500 with Retry-After of up to 10 s', async (t) => {
  for (const method of ['INVITE', 'UPDATE']) {
    const { harness, send } = established();
    send(method, 6);
    send(method, 7);
    const retryAfterS = Number(lastHeader(harness, 'Retry-After'));
    t.ok(lastHeader(harness, 'Retry-After') !== '' && retryAfterS >= 0 && retryAfterS <= 10);
    t.equal(harness.look().at(-1), `0 500 ${method}`);
    t.ok(harness.respond(method, 'SIP/2.0 488 Not Acceptable Here').ok);
    send(method, 8);
    t.equal(harness.app.last(method).message.headers.get('CSeq'), `8 ${method}`, 'the next one is looked at again');
  }
});

void t.test('a re-INVITE or UPDATE moves the target of our requests when it is accepted, not when it is refused', async (t) => {
  for (const method of ['INVITE', 'UPDATE']) {
    for (const [answer, uri] of [
      ['SIP/2.0 200 OK', 'sip:ann@203.0.113.5:5070'],
      ['SIP/2.0 488 Not Acceptable Here', 'sip:ann@198.51.100.7:5062'],
    ] as const) {
      const { harness, dialogId, send } = established();
      send(method, 6, ['Contact: <sip:ann@203.0.113.5:5070>']);
      harness.respond(method, answer);
      if (method === 'INVITE') send('ACK', 6);
      harness.request('INFO sip:placeholder SIP/2.0', [], { dialogId });
      t.match(harness.lastSent().text, `INFO ${uri} `, `${method} ${answer}`);
    }
  }
});

void t.test('a challenged BYE leaves the dialog for the next one, but not for ever', async (t) => {
  const { harness, dialogId } = established();
  harness.request('BYE sip:placeholder SIP/2.0', [], { dialogId });
  harness.receive(peerResponse(harness.lastSent().message, 407, ''));
  t.equal(harness.agent.load.dialogs, 1);
  harness.request('BYE sip:placeholder SIP/2.0', ['Proxy-Authorization: Digest x'], { dialogId });
  t.match(harness.lastSent().text, 'CSeq: 2 BYE');
  harness.receive(peerResponse(harness.lastSent().message, 200, ''));
  t.equal(harness.agent.load.dialogs, 0);
  const forgotten = established();
  forgotten.harness.request('BYE sip:placeholder SIP/2.0', [], { dialogId: forgotten.dialogId });
  forgotten.harness.receive(peerResponse(forgotten.harness.lastSent().message, 401, ''));
  forgotten.harness.clock.advance(32_000);
  t.equal(forgotten.harness.agent.load.dialogs, 0);
});
