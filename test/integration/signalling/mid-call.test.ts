import type Srf from 'drachtio-srf';
import t from 'tap';
import { connectApp, destroy, serve, startServer, tcpPeer, udpPeer } from '../../support/signalling.js';
import { header, type RawMessage, type SipPeer } from '../../support/sip-peer.js';
import { ackText, type CallTexts, inviteText, newCall, requestText, responseText, SDP } from '../../support/sip-texts.js';

type Call = { peer: SipPeer; texts: CallTexts; ok: RawMessage; dialog: Srf.Dialog };
type Teardown = Parameters<typeof startServer>[0];

/** A call the application has answered and that is established on both sides. */
async function establish(t: Teardown, transport: 'udp' | 'tcp' = 'udp'): Promise<Call> {
  const server = await startServer(t);
  let onDialog: (dialog: Srf.Dialog) => void = () => {};
  const answered = new Promise<Srf.Dialog>((resolve) => {
    onDialog = resolve;
  });
  await connectApp(t, server, (srf) =>
    srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }).then(onDialog, () => {})),
  );
  const peer = await (transport === 'udp' ? udpPeer(t, server) : tcpPeer(t, server));
  const texts = newCall();
  peer.send(inviteText(peer, texts));
  const ok = await peer.status(200);
  peer.send(ackText(peer, texts, ok));
  return { peer, texts, ok, dialog: await answered };
}

const inCall = (
  { peer, texts, ok }: Call,
  method: string,
  cseq: number,
  more: { headers?: string[]; body?: string } = {},
): string => requestText(peer, method, texts, { to: header(ok, 'To'), cseq, ...more });

void t.test('the caller’s re-INVITE reaches the application and is answered', async (t) => {
  const call = await establish(t);
  const held = SDP.replace('RTP/AVP 0', 'RTP/AVP 0\r\na=sendonly');
  let offer = '';
  call.dialog.on('modify', (req: Srf.SrfRequest, res: Srf.SrfResponse) => {
    offer = req.body;
    res.send(200, { body: SDP });
  });
  call.peer.send(inCall(call, 'INVITE', 2, { body: held }));
  const ok = await call.peer.status(200);
  t.equal(offer, held);
  t.equal(ok.body, SDP);
  t.equal(header(ok, 'Contact'), header(call.ok, 'Contact'), 'our Contact stays the same');
  call.peer.send(ackText(call.peer, call.texts, ok, { cseq: 2 }));
  call.peer.send(inCall(call, 'BYE', 3));
  await call.peer.status(200, 'BYE');
});

void t.test('the application’s re-INVITE is answered and acknowledged', async (t) => {
  const call = await establish(t);
  const modified = call.dialog.modify(SDP);
  const invite = await call.peer.request('INVITE');
  t.equal(header(invite, 'CSeq'), '1 INVITE');
  call.peer.send(responseText(invite, 200, 'OK', '', [`Contact: <sip:ann@127.0.0.1:${call.peer.port}>`], SDP));
  await call.peer.request('ACK');
  await modified;
});

void t.test('INFO goes both ways, with its body', async (t) => {
  const call = await establish(t);
  const received = new Promise<string>((resolve) =>
    call.dialog.on('info', (req: Srf.SrfRequest, res: Srf.SrfResponse) => {
      res.send(200);
      resolve(req.body);
    }),
  );
  const digit = 'Signal=5\r\nDuration=160\r\n';
  call.peer.send(inCall(call, 'INFO', 2, { headers: ['Content-Type: application/dtmf-relay'], body: digit }));
  await call.peer.status(200, 'INFO');
  t.equal(await received, digit);
  const body = 'Signal=é\r\n';
  void call.dialog.request({
    method: 'INFO',
    headers: { 'Content-Type': 'application/dtmf-relay' },
    body,
  } as unknown as Srf.SrfRequest);
  const info = await call.peer.request('INFO');
  t.equal(info.body, body);
  t.equal(header(info, 'Content-Length'), String(Buffer.byteLength(body)), 'counted in bytes');
  call.peer.send(responseText(info, 200, 'OK', ''));
});

void t.test('a call over TCP stays on its connection in both directions', async (t) => {
  const call = await establish(t, 'tcp');
  t.match(header(call.ok, 'Contact'), ';transport=tcp');
  const ended = destroy(call.dialog);
  const bye = await call.peer.request('BYE');
  t.match(header(bye, 'Via'), 'SIP/2.0/TCP');
  call.peer.send(responseText(bye, 200, 'OK', ''));
  await ended;
});

void t.test('an established caller may use compact headers and folded lines', async (t) => {
  const call = await establish(t);
  const text = [
    `BYE sip:agent@127.0.0.1 SIP/2.0`,
    `v: SIP/2.0/UDP 127.0.0.1:${call.peer.port}`,
    ' ;branch=z9hG4bKcompact',
    `f: "Ann"`,
    `\t<sip:ann@127.0.0.1:${call.peer.port}>;tag=${call.texts.fromTag}`,
    `t: ${header(call.ok, 'To')}`,
    `i: ${call.texts.callId}`,
    'CSeq: 2',
    ' BYE',
    'l: 0',
    '',
    '',
  ].join('\r\n');
  const ended = new Promise<void>((resolve) => call.dialog.on('destroy', () => resolve()));
  call.peer.send(text);
  await call.peer.status(200, 'BYE');
  await ended;
});

void t.test('a BYE right behind the ACK, in one piece, still ends the application’s call', async (t) => {
  const server = await startServer(t);
  let ended: () => void = () => {};
  const destroyed = new Promise<void>((resolve) => {
    ended = resolve;
  });
  await connectApp(t, server, (srf) =>
    srf.invite((req, res) => {
      // The listener is set in a continuation of the promise: what the gap between frames is for.
      void srf.createUAS(req, res, { localSdp: SDP }).then((dialog) => dialog.on('destroy', () => ended()));
    }),
  );
  const peer = await tcpPeer(t, server);
  const texts = newCall();
  peer.send(inviteText(peer, texts));
  const ok = await peer.status(200);
  peer.send(ackText(peer, texts, ok) + requestText(peer, 'BYE', texts, { to: header(ok, 'To'), cseq: 2 }));
  await peer.status(200, 'BYE');
  await destroyed;
});

void t.test('the answer to a request is heard by a listener that is set after an await', async (t) => {
  const server = await startServer(t);
  const srf = await connectApp(t, server);
  const peer = await udpPeer(t, server);
  const answering = peer.request('OPTIONS').then((m) => peer.send(responseText(m, 200, 'OK', 'x')));
  const requester = srf as unknown as {
    request(uri: string, options: object): Promise<{ on(event: 'response', listener: (res: Srf.SrfResponse) => void): void }>;
  };
  const sent = await requester.request(`sip:x@127.0.0.1:${peer.port}`, { method: 'OPTIONS' });
  const status = await new Promise<number>((resolve) => sent.on('response', (res) => resolve(res.status)));
  t.equal(status, 200);
  await answering;
});

void t.test('a caller’s CANCEL reaches the application as such', async (t) => {
  const server = await startServer(t);
  let cancelled: () => void = () => {};
  const heard = new Promise<void>((resolve) => {
    cancelled = resolve;
  });
  await connectApp(t, server, (srf) =>
    srf.invite((req, res) => {
      req.on('cancel', () => cancelled());
      res.send(180);
    }),
  );
  const peer = await udpPeer(t, server);
  const texts = newCall();
  peer.send(inviteText(peer, texts));
  await peer.status(180);
  peer.send(requestText(peer, 'CANCEL', texts, { branch: texts.branch }));
  const [ok, terminated] = [await peer.status(200, 'CANCEL'), await peer.status(487)];
  t.equal(header(ok, 'To'), header(terminated, 'To'));
  peer.send(ackText(peer, texts, terminated, { branch: texts.branch }));
  await heard;
});

void t.test('a refusal by the application is repeated until its ACK, and a repeated INVITE is absorbed', async (t) => {
  const server = await startServer(t);
  let invites = 0;
  await connectApp(t, server, (srf) =>
    srf.invite((_req, res) => {
      invites += 1;
      res.send(486, { headers: { 'Retry-After': '5' } });
    }),
  );
  const peer = await udpPeer(t, server);
  const texts = newCall();
  peer.send(inviteText(peer, texts));
  const busy = await peer.status(486);
  t.equal(header(busy, 'Retry-After'), '5');
  peer.send(inviteText(peer, texts));
  t.equal((await peer.status(486)).text, busy.text);
  peer.send(ackText(peer, texts, busy, { branch: texts.branch }));
  t.equal(invites, 1);
});

void t.test('OPTIONS inside and outside a call, and requests for calls that are gone', async (t) => {
  const server = await startServer(t);
  await connectApp(t, server, (srf) => serve(srf, 'options', (_req, res) => res.send(200, { headers: { 'X-From': 'app' } })));
  const peer = await udpPeer(t, server);
  peer.send(requestText(peer, 'OPTIONS', newCall()));
  t.equal(header(await peer.status(200, 'OPTIONS'), 'X-From'), 'app');
  peer.send(requestText(peer, 'BYE', newCall(), { to: '<sip:agent@127.0.0.1>;tag=ghost' }));
  await peer.status(481, 'BYE');
  peer.send(inviteText(peer, newCall(), { to: '<sip:agent@127.0.0.1>;tag=ghost' }));
  await peer.status(481);
});
