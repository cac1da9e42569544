import { once } from 'node:events';
import { copyFileSync, readFileSync, utimesSync } from 'node:fs';
import { type AddressInfo, connect, type Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type Srf from 'drachtio-srf';
import t, { type Test } from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { SignallingTls } from '../../../src/signalling/signalling-server.js';
import { TlsSockets } from '../../../src/signalling/transport/tls-sockets.js';
import { type Certificate, makeCertificate } from '../../support/certificates.js';
import { connectApp, destroy, serve, startServer } from '../../support/signalling.js';
import { header, SipPeer } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText, responseText, SDP } from '../../support/sip-texts.js';

const OURS = ['IP:127.0.0.1', 'DNS:localhost'];
const folder = t.testdir();
const ours = makeCertificate(folder, 'ours', OURS);
const theirs = makeCertificate(folder, 'theirs', OURS);
const stranger = makeCertificate(folder, 'stranger', ['DNS:elsewhere.example']);

const listening = (more: Partial<SignallingTls> = {}): SignallingTls => ({
  port: 0,
  ...ours,
  requireClientCertificate: false,
  verify: true,
  ...more,
});

async function tlsPeer(t: Test, port: number, shown?: Certificate): Promise<SipPeer> {
  const identity = shown && { cert: readFileSync(shown.certificate), key: readFileSync(shown.key) };
  const peer = await SipPeer.tls(port, { ca: readFileSync(ours.certificate), ...identity });
  t.teardown(() => peer.close());
  return peer;
}

/** Answers the next call and resolves with its dialog. */
const answered = (srf: Srf): Promise<Srf.Dialog> =>
  new Promise((resolve, reject) => {
    srf.invite((req, res) => {
      srf.createUAS(req, res, { localSdp: SDP }).then(resolve, reject);
    });
  });

void t.test('a call over TLS is answered, and ended by us on its own connection', async (t) => {
  const server = await startServer(t, undefined, '127.0.0.1', listening());
  let dialog: Promise<Srf.Dialog> | undefined;
  await connectApp(t, server, (srf) => {
    dialog = answered(srf);
  });
  const peer = await tlsPeer(t, server.tlsPort);
  const call = newCall();
  peer.send(inviteText(peer, call, { uri: 'sips:agent@127.0.0.1' }));
  const ok = await peer.status(200);
  t.match(header(ok, 'Contact'), `127.0.0.1:${server.tlsPort};transport=tls`);
  peer.send(ackText(peer, call, ok));
  peer.send(requestText(peer, 'OPTIONS', call, { to: header(ok, 'To'), cseq: 2 }));
  await peer.status(200, 'OPTIONS');
  const gone = destroy(await dialog);
  const bye = await peer.request('BYE');
  t.match(header(bye, 'Via'), 'SIP/2.0/TLS');
  peer.send(responseText(bye, 200, 'OK', ''));
  await gone;
});

/** A far end that accepts one TLS connection. */
async function farEnd(t: Test, shown: Certificate): Promise<{ port: number; peer: Promise<SipPeer> }> {
  let accept: (peer: SipPeer) => void = () => {};
  const peer = new Promise<SipPeer>((resolve) => {
    accept = resolve;
  });
  const sockets: TLSSocket[] = [];
  const options = { cert: readFileSync(shown.certificate), key: readFileSync(shown.key) };
  const server = createTlsServer(options, (socket) => {
    sockets.push(socket);
    accept(SipPeer.stream('tls', socket));
  });
  server.on('tlsClientError', () => {});
  await listen(server);
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, peer };
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

const dialOnly = (ca: string): SignallingTls => ({ port: undefined, ca, requireClientCertificate: false, verify: true });

void t.test('we call over TLS whom the authority vouches for', async (t) => {
  const server = await startServer(t, undefined, '127.0.0.1', dialOnly(theirs.certificate));
  const srf = await connectApp(t, server);
  const { port, peer: accepted } = await farEnd(t, theirs);
  const calling = srf.createUAC(`sips:bob@127.0.0.1:${port}`, { localSdp: SDP });
  const peer = await accepted;
  const invite = await peer.request('INVITE');
  t.match(invite.startLine, `INVITE sips:bob@127.0.0.1:${port} SIP/2.0`);
  t.match(header(invite, 'Contact'), 'transport=tls');
  peer.send(responseText(invite, 200, 'OK', 'bob1', [`Contact: <sip:bob@127.0.0.1:${port};transport=tls>`], SDP));
  const dialog = await calling;
  await peer.request('ACK');
  const gone = destroy(dialog);
  const bye = await peer.request('BYE');
  peer.send(responseText(bye, 200, 'OK', ''));
  await gone;
});

for (const [what, shown, ca] of [
  ['nobody vouches for', theirs, ours],
  ['proves another name', stranger, stranger],
] as const) {
  void t.test(`a far end that ${what} gets no INVITE, and the call fails with 503`, async (t) => {
    const server = await startServer(t, undefined, '127.0.0.1', dialOnly(ca.certificate));
    const srf = await connectApp(t, server);
    const { port } = await farEnd(t, shown);
    const error: unknown = await srf.createUAC(`sip:bob@127.0.0.1:${port};transport=tls`, { localSdp: SDP }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    t.equal((error as { status?: number }).status, 503);
  });
}

void t.test('without verification the name does not matter', async (t) => {
  const server = await startServer(t, undefined, '127.0.0.1', {
    port: undefined,
    requireClientCertificate: false,
    verify: false,
  });
  const srf = await connectApp(t, server);
  const { port, peer } = await farEnd(t, stranger);
  const calling = srf.createUAC(`sip:bob@127.0.0.1:${port};transport=tls`, { localSdp: SDP }).catch(() => {});
  const far = await peer;
  const invite = await far.request('INVITE');
  far.send(responseText(invite, 486, 'Busy Here', 'bob1'));
  await calling;
});

void t.test('where a client certificate is asked for, only who shows one is heard', async (t) => {
  const tls = listening({ ca: theirs.certificate, requireClientCertificate: true });
  const server = await startServer(t, undefined, '127.0.0.1', tls);
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  const without = await tlsPeer(t, server.tlsPort).catch(() => undefined);
  const peer = await tlsPeer(t, server.tlsPort, theirs);
  for (const each of [without, peer]) each?.send(requestText(each, 'OPTIONS', newCall()));
  await peer.status(200, 'OPTIONS');
  t.same(without?.received ?? [], []);
});

void t.test('what is not TLS costs only its own connection', async (t) => {
  const server = await startServer(t, undefined, '127.0.0.1', listening());
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  const socket = connect(server.tlsPort, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('INVITE sip:agent@127.0.0.1 SIP/2.0\r\n\r\n');
  await once(socket, 'close');
  const peer = await tlsPeer(t, server.tlsPort);
  peer.send(requestText(peer, 'OPTIONS', newCall()));
  await peer.status(200, 'OPTIONS');
});

/** A server on a clock of its own, and the certificate it shows to who asks for this name. */
async function shownBy(t: Test, options: Partial<SignallingTls>) {
  const clock = new FakeClock(0);
  const sockets = new TlsSockets({ requireClientCertificate: false, verify: true, ...options }, clock, silentLogger);
  const server = sockets.createServer((socket) => socket.on('error', () => {}));
  await listen(server);
  t.teardown(() => {
    sockets.close();
    server.close();
  });
  const shown = async (servername?: string): Promise<string> => {
    const asked = servername === undefined ? {} : { servername };
    const { port } = server.address() as AddressInfo;
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...asked });
    await once(socket, 'secureConnect');
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return String(CN);
  };
  return { clock, shown };
}

void t.test('a new certificate on disk is shown from then on, a broken one is not', async (t) => {
  const used = makeCertificate(folder, 'used', OURS);
  const { clock, shown } = await shownBy(t, used);
  t.equal(await shown(), 'used');
  copyFileSync(theirs.certificate, used.certificate);
  // Some file systems count time in whole seconds.
  utimesSync(used.certificate, 1, 1);
  clock.advance(10_000);
  t.equal(await shown(), 'used', 'the key does not fit yet');
  copyFileSync(theirs.key, used.key);
  clock.advance(10_000);
  t.equal(await shown(), 'theirs');
});

void t.test('who asks for a name is shown its certificate, who asks for another or none the usual one', async (t) => {
  const voice = makeCertificate(folder, 'voice', ['DNS:voice.example', 'DNS:*.voice.example']);
  const sales = makeCertificate(folder, 'sales', ['DNS:sales.example']);
  const { clock, shown } = await shownBy(t, { ...ours, certificates: [voice, sales] });
  t.equal(await shown('voice.example'), 'voice');
  t.equal(await shown('SIP.voice.example'), 'voice');
  t.equal(await shown('sales.example'), 'sales');
  const others = [undefined, 'localhost', 'elsewhere.example', 'a.b.voice.example'];
  for (const other of others) t.equal(await shown(other), 'ours', String(other));
  const moved = makeCertificate(folder, 'moved', ['DNS:sales.example', 'DNS:shop.example']);
  copyFileSync(moved.certificate, sales.certificate);
  utimesSync(sales.certificate, 1, 1);
  clock.advance(10_000);
  t.equal(await shown('sales.example'), 'sales', 'the key does not fit yet');
  copyFileSync(moved.key, sales.key);
  clock.advance(10_000);
  t.same([await shown('shop.example'), await shown('sales.example'), await shown()], ['moved', 'moved', 'ours']);
});

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  void t.test(`under every name a client certificate is asked for, and a ${maxVersion} session resumed`, async (t) => {
    const voice = makeCertificate(folder, 'asking', ['DNS:voice.example']);
    const tls = listening({ ca: theirs.certificate, requireClientCertificate: true, certificates: [voice] });
    const server = await startServer(t, undefined, '127.0.0.1', tls);
    await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
    const shown = { cert: readFileSync(theirs.certificate), key: readFileSync(theirs.key), ca: readFileSync(voice.certificate) };
    let session: Buffer | undefined;
    for (const resumed of [false, true]) {
      const socket = connectTls({
        ...{ port: server.tlsPort, host: '127.0.0.1', servername: 'voice.example', maxVersion },
        ...shown,
        ...(session && { session }),
      });
      t.teardown(() => socket.destroy());
      socket.on('session', (ticket: Buffer) => {
        session = ticket;
      });
      await once(socket, 'secureConnect');
      t.equal(socket.isSessionReused(), resumed);
      const peer = SipPeer.stream('tls', socket);
      peer.send(requestText(peer, 'OPTIONS', newCall()));
      await peer.status(200, 'OPTIONS');
    }
  });
}

void t.test('files that are missing or do not fit are named at the start', async (t) => {
  await t.rejects(startServer(t, undefined, '127.0.0.1', listening({ key: '/nowhere/key.pem' })), /\/nowhere\/key\.pem/);
  await t.rejects(startServer(t, undefined, '127.0.0.1', listening({ key: theirs.key })), /certificate|key/i);
  const certificates = [{ certificate: theirs.certificate, key: ours.key }];
  await t.rejects(startServer(t, undefined, '127.0.0.1', listening({ certificates })), /theirs\.pem/);
});
