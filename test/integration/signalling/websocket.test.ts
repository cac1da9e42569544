import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type Srf from 'drachtio-srf';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { FakeClock } from '../../../src/core/clock.js';
import { OwnAddresses } from '../../../src/core/own-addresses.js';
import { tcpSockets } from '../../../src/signalling/transport/tcp-sockets.js';
import { WsTransport } from '../../../src/signalling/transport/ws-transport.js';
import { makeCertificate } from '../../support/certificates.js';
import { connectApp, destroy, serve, startServer } from '../../support/signalling.js';
import { header, SipPeer } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, requestText, responseText, SDP } from '../../support/sip-texts.js';

const ours = makeCertificate(t.testdir(), 'ours', ['IP:127.0.0.1']);
const PAGE = 'https://app.example.com';
const ANN = '<sip:ann@df7jal23ls0d.invalid;transport=ws>';

async function bothKinds(t: Test, prepare: (srf: Srf) => void) {
  const tls = { port: undefined, ...ours, requireClientCertificate: false, verify: true };
  const server = await startServer(t, undefined, '127.0.0.1', tls, { ws: { wsPort: 0, wssPort: 0, origins: [PAGE] } });
  await connectApp(t, server, prepare);
  const open = async (scheme: 'ws' | 'wss', protocols?: string[], origin?: string): Promise<SipPeer> => {
    const port = scheme === 'ws' ? server.wsPort : server.wssPort;
    const more = { ca: readFileSync(ours.certificate), ...(origin !== undefined && { origin }) };
    const peer = await SipPeer.ws(`${scheme}://127.0.0.1:${port}/sip`, protocols, more);
    t.teardown(() => peer.close());
    return peer;
  };
  return open;
}

for (const scheme of ['ws', 'wss'] as const) {
  void t.test(`a call over ${scheme} is answered, and ended by us over the same connection`, async (t) => {
    let answered: (dialog: Srf.Dialog) => void = () => {};
    const dialog = new Promise<Srf.Dialog>((resolve) => {
      answered = resolve;
    });
    const open = await bothKinds(t, (srf) => {
      srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }).then(answered));
    });
    const peer = await open(scheme, ['sip'], PAGE);
    const call = newCall();
    peer.send(inviteText(peer, call, { contact: ANN }));
    const ok = await peer.status(200);
    t.match(header(ok, 'Contact'), /;transport=ws>$/);
    t.match(header(ok, 'Via'), new RegExp(`^SIP/2.0/${scheme.toUpperCase()} browser.invalid`));
    t.match(header(ok, 'Via'), /received=127\.0\.0\.1/);
    peer.send(ackText(peer, call, ok, { contact: ANN }));
    const gone = destroy(await dialog);
    const bye = await peer.request('BYE');
    t.match(bye.startLine, 'BYE sip:ann@df7jal23ls0d.invalid;transport=ws');
    t.match(header(bye, 'Via'), `SIP/2.0/${scheme.toUpperCase()} 127.0.0.1:`);
    peer.send(responseText(bye, 200, 'OK', ''));
    await gone;
  });
}

void t.test('over wss a certificate is shown by the name that is asked for, too', async (t) => {
  const named = makeCertificate(t.testdir(), 'named', ['DNS:wss.example']);
  const tls = { port: undefined, ...ours, certificates: [named], requireClientCertificate: false, verify: true };
  const server = await startServer(t, undefined, '127.0.0.1', tls, { ws: { wssPort: 0, origins: [] } });
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  const open = (servername: string) =>
    SipPeer.ws(`wss://127.0.0.1:${server.wssPort}`, ['sip'], { ca: readFileSync(named.certificate), servername });
  const peer = await open('wss.example');
  t.teardown(() => peer.close());
  peer.send(requestText(peer, 'OPTIONS', newCall(), { contact: ANN }));
  await peer.status(200, 'OPTIONS');
  await t.rejects(open('elsewhere.example'), /self-signed/, 'shown ours, which it does not trust');
});

void t.test('a keep-alive of line breaks is answered with one', async (t) => {
  const open = await bothKinds(t, (srf) => serve(srf, 'options', (_req, res) => res.send(200)));
  const peer = await open('ws');
  const pong = new Promise<string>((resolve) => peer.onMessage((message) => resolve(message.text)));
  peer.send('\r\n\r\n');
  t.equal(await pong, '\r\n');
  peer.send(requestText(peer, 'OPTIONS', newCall(), { contact: ANN }));
  await peer.status(200, 'OPTIONS');
});

void t.test('who does not speak SIP, or comes from a page nobody named, gets no WebSocket', async (t) => {
  const open = await bothKinds(t, () => {});
  await t.rejects(open('ws', ['chat']), /400/);
  await t.rejects(open('ws', []), /400/);
  await t.rejects(open('ws', ['sip'], 'https://evil.example'), /403/);
  await open('ws', ['mqtt', 'sip'], PAGE);
});

/** A transport alone, on a clock that stands still. */
async function transportAlone(t: Test) {
  const clock = new FakeClock(0);
  const addresses = new OwnAddresses(clock, { bind: '127.0.0.1', externalIp: undefined });
  const events = { admits: () => true, admitsConnection: () => true, onMessage: () => {}, onFault: () => {} };
  const transport = new WsTransport({ transport: 'ws', origins: [] }, tcpSockets, clock, addresses, events);
  await transport.listen('127.0.0.1', 0);
  t.teardown(() => transport.close());
  return { clock, transport };
}

void t.test('a hand-shake that takes too long costs the connection', async (t) => {
  const { clock, transport } = await transportAlone(t);
  const socket = connect(transport.port, '127.0.0.1');
  socket.write('GET /sip HTTP/1.1\r\nHost: x\r\n');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  // The server learns of the connection a moment later than we do.
  const turn = setInterval(() => clock.advance(10_000), 20);
  await closed;
  clearInterval(turn);
  t.ok(clock.monotonicMs() >= 10_000);
});

void t.test('a far end that answers no ping is gone', async (t) => {
  const { clock, transport } = await transportAlone(t);
  const socket = new WebSocket(`ws://127.0.0.1:${transport.port}`, 'sip');
  await once(socket, 'open');
  socket.send('OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n\r\n');
  const pinged = once(socket, 'ping');
  const turn = setInterval(() => clock.advance(1000), 1);
  await pinged;
  socket.pause();
  const closed = once(socket, 'close');
  const resume = setTimeout(() => socket.resume(), 500);
  await closed;
  clearTimeout(resume);
  clearInterval(turn);
  t.ok(clock.monotonicMs() >= 60_000);
});

void t.test('whom nobody can reach any more fails at once', async (t) => {
  const { clock, transport } = await transportAlone(t);
  const flow = transport.flowTo({ transport: 'ws', address: '127.0.0.1', port: 4 });
  const failed = new Promise<Error>((resolve) => flow.send(Buffer.from('x'), resolve));
  clock.advance(0);
  t.match(await failed, /not connected/);
});
