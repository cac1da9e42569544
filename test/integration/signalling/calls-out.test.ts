import t from 'tap';
import { header, tagOf } from '../../support/sip-peer.js';
import { connectApp, destroy, startServer, udpPeer } from '../../support/signalling.js';
import { responseText, SDP } from '../../support/sip-texts.js';

/** The library rejects with an error that carries the SIP status. */
async function rejectedWith(
  t: { equal(a: unknown, b: unknown): unknown },
  calling: Promise<unknown>,
  status: number,
): Promise<void> {
  const error: unknown = await calling.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  t.equal((error as { status?: number } | undefined)?.status, status);
}

void t.test('the application calls, is answered, and hangs up', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const invite = await peer.request('INVITE');
  t.equal(invite.body, SDP);
  t.match(header(invite, 'From'), `127.0.0.1:${server.sipPort}`);
  t.match(header(invite, 'Content-Type'), 'application/sdp');
  peer.send(responseText(invite, 180, 'Ringing', 'bob1'));
  peer.send(responseText(invite, 200, 'OK', 'bob1', [`Contact: <sip:bob@127.0.0.1:${peer.port}>`], SDP));
  const dialog = await calling;
  const ack = await peer.request('ACK');
  t.equal(header(ack, 'CSeq').split(' ')[0], header(invite, 'CSeq').split(' ')[0]);
  t.equal(tagOf(header(ack, 'To')), 'bob1');
  const gone = destroy(dialog);
  const bye = await peer.request('BYE');
  peer.send(responseText(bye, 200, 'OK', ''));
  await gone;
});

void t.test('a 2xx that is repeated is acknowledged again, by the server', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const invite = await peer.request('INVITE');
  const ok = responseText(invite, 200, 'OK', 'bob1', [`Contact: <sip:bob@127.0.0.1:${peer.port}>`], SDP);
  peer.send(ok);
  await calling;
  const first = await peer.request('ACK');
  peer.send(ok);
  const second = await peer.request('ACK');
  t.equal(second.text, first.text);
});

void t.test('a refusal reaches the application and is acknowledged by the server', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: SDP });
  const rejected = rejectedWith(t, calling, 486);
  const invite = await peer.request('INVITE');
  peer.send(responseText(invite, 486, 'Busy Here', 'bob1'));
  const ack = await peer.request('ACK');
  t.equal(header(ack, 'Via'), header(invite, 'Via'), 'the transaction is the same');
  await rejected;
});

void t.test('a CANCEL before any provisional waits for one', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  let cancel = (): void => {};
  // The types say one argument; the library passes an error first.
  const cbRequest = ((_error: unknown, req: { cancel(): void }) => {
    cancel = () => req.cancel();
  }) as unknown as (req: unknown) => void;
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: SDP }, { cbRequest });
  const rejected = rejectedWith(t, calling, 487);
  const invite = await peer.request('INVITE');
  cancel();
  // A retransmission shows that the CANCEL had its time, had it been sent at once.
  await peer.request('INVITE');
  t.notOk(peer.received.some((m) => m.method === 'CANCEL'));
  peer.send(responseText(invite, 180, 'Ringing', 'bob1'));
  const sent = await peer.request('CANCEL');
  t.equal(header(sent, 'Via'), header(invite, 'Via'));
  peer.send(responseText(sent, 200, 'OK', 'bob1'));
  peer.send(responseText(invite, 487, 'Request Terminated', 'bob1'));
  await peer.request('ACK');
  await rejected;
});
