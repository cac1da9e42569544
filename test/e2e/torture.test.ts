import t, { type Test } from 'tap';
import { RFC4475, type TortureMessage } from '../support/rfc4475.js';
import { startTestServer } from '../support/server.js';
import { header, type RawMessage, SipPeer } from '../support/sip-peer.js';
import { newCall, requestText } from '../support/sip-texts.js';

/** What comes for `text`, up to the answer to the question after it: by then all else has been answered that ever is. */
async function answersTo(peer: SipPeer, text: string, question: (asker: SipPeer) => string, asker = peer): Promise<number[]> {
  peer.send(Buffer.from(text, 'latin1'));
  asker.send(question(asker));
  const isLast = (m: RawMessage): boolean => header(m, 'Call-ID') === 'question' && m.status >= 200;
  await asker.next(isLast, 'the answer to the question after it');
  return peer.received.filter((m) => !isLast(m) && m.status >= 200).map(({ status }) => status);
}

const question = (peer: SipPeer): string => requestText(peer, 'OPTIONS', { ...newCall(), callId: 'question' });

/** What the application answers may be on its way while a question is answered; who expects an answer waits for it. */
async function check(t: Test, name: string, wanted: readonly number[], peer: SipPeer, text: string): Promise<void> {
  if (wanted.length === 0) {
    t.same(await answersTo(peer, text, question), [], `${name} is not answered`);
    return;
  }
  peer.send(Buffer.from(text, 'latin1'));
  const { status } = await peer.next((m) => m.status >= 200, `an answer to ${name}`);
  t.ok(wanted.includes(status), `${name}: ${status}, one of ${wanted.join(', ')}`);
}

for (const [transport, open] of [
  ['udp', (port: number) => SipPeer.udp(port)],
  ['tcp', (port: number) => SipPeer.tcp(port)],
] as const) {
  void t.test(`RFC 4475 over ${transport}: every message gets what the RFC says, and the server lives`, async (t) => {
    // Each has its own server: to one that has seen it, the same message is a retransmission.
    const server = await startTestServer();
    t.teardown(() => server.close());
    for (const [name, { text, answers, overTcp }] of Object.entries<TortureMessage>(RFC4475)) {
      const peer = await open(server.sipPort);
      const wanted = transport === 'tcp' ? (overTcp ?? answers) : answers;
      // A stream may wait for the rest of the message, or be closed because nobody knows where the next one begins.
      if (transport === 'tcp' && wanted.length === 0) {
        const other = await SipPeer.tcp(server.sipPort);
        t.same(await answersTo(peer, text, question, other), [], `${name} is not answered`);
        await other.close();
      } else await check(t, name, wanted, peer, text);
      await peer.close();
    }
    t.equal((await server.api('/healthz')).status, 200);
  });
}
