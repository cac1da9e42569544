import { createServer } from 'node:net';
import t from 'tap';
import { connectApp, destroy, startServer, udpPeer } from '../../support/signalling.js';
import { header, tagOf } from '../../support/sip-peer.js';
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

void t.test('a challenge is answered with credentials in the same call', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  const options = { localSdp: SDP, auth: { username: 'ann', password: 'secret' } };
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${peer.port}`, options);
  const first = await peer.request('INVITE');
  const challenge = 'WWW-Authenticate: Digest realm="test", nonce="abc", algorithm=MD5, qop="auth"';
  peer.send(responseText(first, 401, 'Unauthorized', 'reg', [challenge]));
  await peer.request('ACK');
  const second = await peer.request('INVITE');
  t.match(header(second, 'Authorization'), /^Digest .*username="ann"/);
  t.equal(header(second, 'Call-ID'), header(first, 'Call-ID'));
  t.equal(tagOf(header(second, 'From')), tagOf(header(first, 'From')));
  t.equal(Number.parseInt(header(second, 'CSeq'), 10), Number.parseInt(header(first, 'CSeq'), 10) + 1);
  peer.send(responseText(second, 200, 'OK', 'bob1', [`Contact: <sip:bob@127.0.0.1:${peer.port}>`], SDP));
  await calling;
  await peer.request('ACK');
});

void t.test('a TCP peer that is not there is reported as 503 at once', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
  const { port } = listener.address() as { port: number };
  await new Promise<void>((resolve) => listener.close(() => resolve()));
  await rejectedWith(t, srf.createUAC(`sip:bob@127.0.0.1:${port};transport=tcp`, { localSdp: SDP }), 503);
});

void t.test('a call over TCP goes to where the URI says, and back over the same connection', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const other = await startServer(t);
  const callee = await connectApp(t, other, (app) =>
    app.invite((req, res) => void app.createUAS(req, res, { localSdp: SDP }).then((dialog) => dialog.destroy())),
  );
  t.ok(callee);
  const dialog = await srf.createUAC(`sip:bob@127.0.0.1:${other.sipPort};transport=tcp`, { localSdp: SDP });
  await new Promise<void>((resolve) => dialog.on('destroy', () => resolve()));
});
