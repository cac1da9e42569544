import { connect, type Socket } from 'node:net';
import t from 'tap';
import { connectApp, disconnectApp, serve, startServer, tcpPeer, udpPeer } from '../../support/signalling.js';
import { header, SipPeer } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText, SDP } from '../../support/sip-texts.js';

/** Everything the application port says to `text`, until it closes the connection. */
async function talk(port: number, text: string): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk.toString();
  });
  socket.write(text);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return said;
}

const frame = (payload: string): string => `${Buffer.byteLength(payload)}#${payload}`;

void t.test('after garbage of every kind a call goes through', async (t) => {
  const server = await startServer(t);
  await connectApp(t, server, (srf) => srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP })));
  const peer = await udpPeer(t, server);
  for (const junk of [
    '',
    '\r\n\r\n',
    'x',
    '\0'.repeat(2000),
    'INVITE',
    'SIP/2.0 200 OK\r\n\r\n',
    'INVITE sip:a@b SIP/2.0\r\n\r\n',
    inviteText(peer, newCall()).slice(0, 200),
    `OPTIONS ${'é'.repeat(20_000)} SIP/2.0\r\n\r\n`,
  ]) {
    peer.send(Buffer.from(junk));
  }
  const tcp = await tcpPeer(t, server);
  tcp.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const call = newCall();
  peer.send(inviteText(peer, call));
  const ok = await peer.next((m) => m.status === 200 && header(m, 'Call-ID') === call.callId, '200 to the good INVITE');
  peer.send(ackText(peer, call, ok));
});

void t.test('a message in pieces over TCP is one message, several in one piece are several', async (t) => {
  const server = await startServer(t);
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  const peer = await tcpPeer(t, server);
  const [one, two, three] = [newCall(), newCall(), newCall()];
  for (const char of requestText(peer, 'OPTIONS', one)) peer.send(char);
  await peer.status(200, 'OPTIONS');
  peer.send(requestText(peer, 'OPTIONS', two) + requestText(peer, 'OPTIONS', three));
  const answers = [await peer.status(200, 'OPTIONS'), await peer.status(200, 'OPTIONS')];
  t.same(new Set(answers.map((m) => header(m, 'Call-ID'))), new Set([two.callId, three.callId]));
});

void t.test('a stream with an impossible Content-Length is answered 400 and closed', async (t) => {
  const server = await startServer(t);
  const peer = await SipPeer.tcp(server.sipPort);
  t.teardown(() => peer.close());
  peer.send(requestText(peer, 'OPTIONS', newCall()).replace('Content-Length: 0', 'Content-Length: -5'));
  await peer.status(400, 'OPTIONS');
});

void t.test('a keep-alive of two line breaks is answered with one', async (t) => {
  const server = await startServer(t);
  const socket = connect(server.sipPort, '127.0.0.1');
  t.teardown(() => void socket.destroy());
  socket.write('\r\n\r\n');
  const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (chunk) => resolve([chunk])));
  t.equal(answer?.toString(), '\r\n');
});

void t.test('a wrong secret is refused, slowly', async (t) => {
  const server = await startServer(t);
  t.match(await talk(server.appPort, frame('m1|authenticate|wrong|')), /\|response\|m1\|NO\|incorrect secret/);
});

void t.test('nothing but a ping is served before authentication', async (t) => {
  const server = await startServer(t);
  const said = await talk(server.appPort, frame('m1|ping') + frame('m2|route|invite'));
  t.match(said, /\|response\|m1\|OK\|pong/);
  t.match(said, /\|response\|m2\|NO\|/);
});

void t.test('what is no frame ends that connection and no other', async (t) => {
  const server = await startServer(t);
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  t.equal(await talk(server.appPort, 'rubbish without any length'), '');
  const peer = await udpPeer(t, server);
  peer.send(requestText(peer, 'OPTIONS', newCall()));
  await peer.status(200, 'OPTIONS');
});

void t.test('when the application goes, its calls get a BYE and what rings a 480', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server, (app) =>
    app.invite((req, res) => {
      if (req.uri.includes('ring')) res.send(180);
      else void app.createUAS(req, res, { localSdp: SDP });
    }),
  );
  const talking = await udpPeer(t, server);
  const ringing = await udpPeer(t, server);
  const call = newCall();
  talking.send(inviteText(talking, call));
  talking.send(ackText(talking, call, await talking.status(200)));
  ringing.send(inviteText(ringing, newCall(), { uri: 'sip:ring@127.0.0.1' }));
  await ringing.status(180);
  disconnectApp(srf);
  await Promise.all([talking.request('BYE'), ringing.status(480)]);
  const late = newCall();
  talking.send(inviteText(talking, late));
  await talking.next((m) => m.status === 503 && header(m, 'Call-ID') === late.callId, '503 while nobody is there');
});

void t.test('a server that closes hangs up its calls', async (t) => {
  const server = await startServer(t);
  await connectApp(t, server, (srf) => srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP })));
  const [udp, tcp] = [await udpPeer(t, server), await tcpPeer(t, server)];
  for (const peer of [udp, tcp]) {
    const call = newCall();
    peer.send(inviteText(peer, call));
    peer.send(ackText(peer, call, await peer.status(200)));
    // Its answer comes after the ACK has been taken.
    peer.send(requestText(peer, 'BYE', newCall(), { to: '<sip:agent@127.0.0.1>;tag=ghost' }));
    await peer.status(481, 'BYE');
  }
  const byes = Promise.all([udp.request('BYE'), tcp.request('BYE')]);
  await server.close();
  await byes;
});
