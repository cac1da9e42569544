import t from 'tap';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import type { Dialog, DialogEnd, IncomingInvite } from '../../../src/domain/ports/telephony.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import {
  ackText,
  type CallTexts,
  inviteText,
  newCall,
  type RequestOptions,
  random,
  requestText,
} from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const LOCAL = { rtpPort: 20_000, rtcpPort: 20_001 };
const sdp = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines, ''].join('\r\n');
const PCMU = sdp('m=audio 40000 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000');

type Established = {
  call: CallTexts;
  ok: RawMessage;
  dialog: Dialog;
  invite: IncomingInvite;
  agreements: AudioAgreement[];
  ended: Promise<DialogEnd>;
};

/** One call from `peer`, answered and acknowledged. */
async function establish(s: TestTelephony, options: RequestOptions = { body: PCMU }, ackBody?: string): Promise<Established> {
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, options));
  const invite = await s.nextInvite();
  const agreements: AudioAgreement[] = [];
  const dialog = await invite.answer(LOCAL, (agreement) => agreements.push(agreement));
  const ended = new Promise<DialogEnd>((resolve) => dialog.onEnded(resolve));
  const ok = await s.peer.status(200);
  s.peer.send(ackText(s.peer, call, ok, ackBody === undefined ? {} : { body: ackBody }));
  return { call, ok, dialog, invite, agreements, ended };
}

let cseq = 10;
/** A request inside the call; resolves with its final response. */
async function inDialog(
  s: TestTelephony,
  { call, ok }: Established,
  method: string,
  options: RequestOptions = {},
): Promise<RawMessage> {
  cseq += 1;
  s.peer.send(requestText(s.peer, method, call, { to: header(ok, 'To'), cseq, ...options }));
  return s.peer.next((m) => m.status >= 200 && m.method === method, `final response to ${method}`);
}

async function reinvite(s: TestTelephony, e: Established, body: string, ackBody?: string): Promise<RawMessage> {
  const branch = `z9hG4bK${random()}`;
  const response = await inDialog(s, e, 'INVITE', { body, branch });
  const ackBranch = response.status === 200 ? {} : { branch };
  s.peer.send(ackText(s.peer, e.call, response, { cseq, ...ackBranch, ...(ackBody === undefined ? {} : { body: ackBody }) }));
  return response;
}

const audioLine = (message: RawMessage): string => /m=audio [^\r]*/.exec(message.body)?.[0] ?? '';
const directionOf = (message: RawMessage): string => /a=(sendrecv|sendonly|recvonly|inactive)/.exec(message.body)?.[1] ?? '';
const versionOf = (message: RawMessage): number => Number(/o=\S+ \d+ (\d+)/.exec(message.body)?.[1]);

void t.test('a call is answered with what both sides speak, and ends when the caller hangs up', async (t) => {
  const s = await startTelephony(t);
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { uri: 'sip:%65cho;x=y@127.0.0.1', body: PCMU, headers: ['X-Trunk: north'] }));
  const invite = await s.nextInvite();
  t.match(invite, {
    sipCallId: call.callId,
    requestUser: 'echo',
    from: { user: 'ann', displayName: 'Ann' },
    to: { user: 'agent' },
  });
  t.match(invite.source, { address: '127.0.0.1', port: s.peer.port, transport: 'udp' });
  t.equal(invite.header('x-trunk'), 'north');
  invite.check();
  invite.ring();
  await s.peer.status(180);
  let agreement: AudioAgreement | undefined;
  const dialog = await invite.answer(LOCAL, (agreed) => {
    agreement = agreed;
  });
  t.match(agreement, { codec: 'PCMU', payloadType: 0, remote: { address: '127.0.0.1', rtpPort: 40_000, rtcpPort: 40_001 } });
  const ok = await s.peer.status(200);
  t.equal(audioLine(ok), 'm=audio 20000 RTP/AVP 0 101');
  t.match(header(ok, 'Allow'), /INVITE.*OPTIONS.*INFO/);
  t.match(header(ok, 'Contact'), /sip:/);
  s.peer.send(ackText(s.peer, call, ok));
  const ended = new Promise((resolve) => dialog.onEnded(resolve));
  s.peer.send(requestText(s.peer, 'BYE', call, { to: header(ok, 'To'), cseq: 2 }));
  await s.peer.status(200, 'BYE');
  t.same(await ended, { by: 'remote' });
  await dialog.hangup();
  t.notOk(
    s.peer.received.some((m) => m.startLine.startsWith('BYE')),
    'hanging up on an ended dialog sends nothing',
  );
});

void t.test('hanging up sends one BYE and resolves with its answer', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const gone = Promise.all([e.dialog.hangup(), e.dialog.hangup()]);
  const bye = await s.peer.request('BYE');
  s.peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
  await gone;
  t.same(await e.ended, { by: 'local' });
});

void t.test('an INVITE without SDP gets our offer, and the ACK brings the agreement', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s, { body: '' }, sdp('m=audio 41000 RTP/AVP 8'));
  t.match(e.ok.body, /m=audio 20000 RTP\/AVP 0 8 9 96 101 102/);
  // An exchange after the ACK shows that it has been worked on.
  await inDialog(s, e, 'OPTIONS');
  t.match(e.agreements, [{ codec: 'PCMA', payloadType: 8, remote: { rtpPort: 41_000 } }]);
});

void t.test('an ACK that does not answer our offer ends the call with BYE', async (t) => {
  const s = await startTelephony(t);
  for (const answer of ['', 'rubbish', sdp('m=audio 41000 RTP/AVP 18')]) {
    const e = await establish(s, { body: '' }, answer);
    const bye = await s.peer.request('BYE');
    s.peer.send(bye.text.replace(/^BYE .*\r\n/, 'SIP/2.0 200 OK\r\n'));
    t.same(await e.ended, { by: 'no_agreement' });
    t.same(e.agreements, []);
  }
});

void t.test('hold and resume are answered with the right direction and a grown version', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  t.equal(directionOf(e.ok), 'sendrecv');
  const rows: [string, string][] = [
    [`${PCMU}a=sendonly\r\n`, 'recvonly'],
    [`${PCMU}a=inactive\r\n`, 'inactive'],
    [PCMU, 'sendrecv'],
    [PCMU.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0'), 'recvonly'],
    [`${PCMU}a=recvonly\r\n`, 'sendonly'],
  ];
  let version = versionOf(e.ok);
  for (const [offer, direction] of rows) {
    const response = await reinvite(s, e, offer);
    t.equal(response.status, 200);
    t.equal(directionOf(response), direction);
    t.ok(versionOf(response) > version, 'the version grows');
    version = versionOf(response);
    t.equal(e.agreements.at(-1)?.direction, direction);
  }
  const refresh = await reinvite(s, e, `${PCMU}a=recvonly\r\n`);
  t.equal(versionOf(refresh), version, 'a refresh leaves it');
});

void t.test('a re-INVITE may change the codec, and one that cannot be served leaves the call as it was', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const refused = await reinvite(s, e, sdp('m=audio 40000 RTP/AVP 18'));
  t.equal(refused.status, 488);
  t.match(header(refused, 'Warning'), /^305 /);
  t.equal((await reinvite(s, e, 'rubbish')).status, 400);
  t.equal(e.agreements.length, 1, 'nothing changed');
  const changed = await reinvite(s, e, sdp('m=audio 40002 RTP/AVP 8'));
  t.equal(changed.status, 200);
  t.match(e.agreements[1], { codec: 'PCMA', remote: { rtpPort: 40_002 } });
  const off = await reinvite(s, e, sdp('m=audio 0 RTP/AVP 8'));
  t.equal(audioLine(off), 'm=audio 0 RTP/AVP 8', 'a stream switched off');
  t.match(e.agreements[2], { direction: 'inactive', remote: { rtpPort: 0 } });
});

void t.test('a re-INVITE without SDP gets what stands as our offer', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const response = await reinvite(s, e, '', sdp('m=audio 40004 RTP/AVP 0', 'a=sendonly'));
  t.equal(response.status, 200);
  t.equal(response.body, e.ok.body, 'unchanged');
  await inDialog(s, e, 'OPTIONS');
  t.match(e.agreements.at(-1), { direction: 'recvonly', remote: { rtpPort: 40_004 } });
});

void t.test('UPDATE changes the session as a re-INVITE does', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const held = await inDialog(s, e, 'UPDATE', { body: `${PCMU}a=sendonly\r\n` });
  t.equal(held.status, 200);
  t.equal(directionOf(held), 'recvonly');
  t.equal((await inDialog(s, e, 'UPDATE')).status, 200, 'a refresh without SDP');
  t.equal((await inDialog(s, e, 'UPDATE', { body: sdp('m=audio 40000 RTP/AVP 18') })).status, 488);
});

void t.test('key presses by INFO are heard, rubbish is 400 and another type 415', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const digits: string[] = [];
  e.dialog.onDigit((digit, durationMs) => digits.push(`${digit}/${durationMs}`));
  const info = (type: string, body: string): Promise<RawMessage> =>
    inDialog(s, e, 'INFO', { body, headers: body ? [`Content-Type: ${type}`] : [] });
  t.equal((await info('application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n')).status, 200);
  t.equal((await info('application/dtmf', '#')).status, 200);
  t.equal((await info('', '')).status, 200);
  t.equal((await info('application/dtmf-relay', 'Signal=nonsense')).status, 400);
  const unknown = await info('text/plain', 'hello');
  t.equal(unknown.status, 415);
  t.match(header(unknown, 'Accept'), /application\/dtmf-relay/);
  t.same(digits, ['5/160', '#/250']);
});

void t.test('a method we do not take in a call is 405 with Allow, not a false 200; nobody wants a REFER: 603', async (t) => {
  const s = await startTelephony(t);
  const e = await establish(s);
  const message = await inDialog(s, e, 'MESSAGE', { body: '' });
  t.equal(message.status, 405);
  t.match(header(message, 'Allow'), /INVITE/);
  t.equal((await inDialog(s, e, 'REFER', { headers: ['Refer-To: <sip:x@127.0.0.1>'], body: '' })).status, 603);
  s.peer.send(requestText(s.peer, 'REFER', newCall(), { headers: ['Refer-To: <sip:x@127.0.0.1>'] }));
  await s.peer.status(403, 'REFER');
});

void t.test('OPTIONS tells what we take', async (t) => {
  const s = await startTelephony(t);
  s.peer.send(requestText(s.peer, 'OPTIONS', newCall()));
  const ok = await s.peer.status(200, 'OPTIONS');
  t.match(header(ok, 'Allow'), /INVITE.*INFO/);
  t.equal(header(ok, 'Accept'), 'application/sdp');
  s.peer.send(requestText(s.peer, 'MESSAGE', newCall()));
  t.match(header(await s.peer.status(405, 'MESSAGE'), 'Allow'), /INVITE/);
});

void t.test('a CANCEL ends the INVITE with 487 and reaches the call', async (t) => {
  const s = await startTelephony(t);
  const call = newCall();
  s.peer.send(inviteText(s.peer, call));
  const invite = await s.nextInvite();
  const cancelled = new Promise<string>((resolve) => invite.onCancelled(resolve));
  invite.ring();
  await s.peer.status(180);
  s.peer.send(requestText(s.peer, 'CANCEL', call, { branch: call.branch }));
  await s.peer.status(200, 'CANCEL');
  const terminated = await s.peer.status(487);
  s.peer.send(ackText(s.peer, call, terminated, { branch: call.branch }));
  await cancelled;
  await t.rejects(
    invite.answer(LOCAL, () => {}),
    { code: 'call_already_ended' },
  );
});

void t.test('an offer nobody can serve is 488, a broken one 400, before and at the answer', async (t) => {
  const s = await startTelephony(t);
  const rows: [string, number, string][] = [
    [sdp('m=audio 40000 RTP/AVP 18'), 488, 'no_common_codec'],
    [sdp('m=audio 0 RTP/AVP 0'), 488, 'no_common_codec'],
    ['v=0\r\nthis is not SDP', 400, 'invalid_request'],
  ];
  for (const [body, status, code] of rows) {
    for (const step of ['check', 'answer'] as const) {
      const call = newCall();
      s.peer.send(inviteText(s.peer, call, { body }));
      const invite = await s.nextInvite();
      if (step === 'check') t.throws(() => invite.check(), { code });
      else
        await t.rejects(
          invite.answer(LOCAL, () => {}),
          { code },
        );
      const response = await s.peer.status(status);
      s.peer.send(ackText(s.peer, call, response, { branch: call.branch }));
    }
  }
});

void t.test('a body of another type is 415, no way to answer in SDP is 406, no Contact is 400', async (t) => {
  const s = await startTelephony(t);
  const rows: [RequestOptions, number][] = [
    [{ body: '<x/>', headers: ['Content-Type: application/xml'] }, 415],
    [{ headers: ['Content-Type: application/sdp', 'Content-Encoding: gzip'] }, 415],
    [{ headers: ['Accept: application/xml'] }, 406],
  ];
  for (const [options, status] of rows) {
    const call = newCall();
    s.peer.send(inviteText(s.peer, call, options));
    const response = await s.peer.status(status);
    s.peer.send(ackText(s.peer, call, response, { branch: call.branch }));
  }
  t.pass('all refused');
});

void t.test('an SDP inside a multipart body is found', async (t) => {
  const s = await startTelephony(t);
  const body = [
    '--b',
    'Content-Type: application/sdp',
    '',
    `${PCMU}--b`,
    'Content-Type: application/xml',
    '',
    '<x/>',
    '--b--',
    '',
  ].join('\r\n');
  const e = await establish(s, { body, headers: ['Content-Type: multipart/mixed; boundary=b'] });
  t.equal(e.agreements[0]?.codec, 'PCMU');
});

void t.test(
  'a caller with 60 KB of SDP over TCP is served',
  { skip: REAL_SERVER && 'the real server stops at 12 KB' },
  async (t) => {
    const { SipPeer } = await import('../../support/sip-peer.js');
    const s = await startTelephony(t);
    const peer = await SipPeer.tcp(s.sipPort);
    t.teardown(() => peer.close());
    const body = `${PCMU}${Array.from({ length: 2200 }, (_, index) => `a=x-padding-${index}:0123456\r\n`).join('')}`;
    t.ok(body.length > 55_000 && body.length < 65_000);
    peer.send(inviteText(peer, newCall(), { body }));
    const invite = await s.nextInvite();
    await invite.answer(LOCAL, () => {});
    t.equal(audioLine(await peer.status(200)), 'm=audio 20000 RTP/AVP 0 101');
  },
);

void t.test('a draining server refuses INVITE and OPTIONS with 503 and Retry-After', async (t) => {
  const s = await startTelephony(t);
  s.telephony.drain();
  const call = newCall();
  s.peer.send(inviteText(s.peer, call));
  const refused = await s.peer.status(503);
  s.peer.send(ackText(s.peer, call, refused, { branch: call.branch }));
  t.match(header(refused, 'Retry-After'), /^\d+$/);
  s.peer.send(requestText(s.peer, 'OPTIONS', newCall()));
  await s.peer.status(503, 'OPTIONS');
});

void t.test('a 2xx that is never acknowledged ends as ack_timeout', { skip: REAL_SERVER && 'takes 32 s' }, async (t) => {
  const s = await startTelephony(t, { t1Ms: 10, t2Ms: 80, t4Ms: 100, timerDMs: 640 });
  s.peer.send(inviteText(s.peer, newCall()));
  const invite = await s.nextInvite();
  const dialog = await invite.answer(LOCAL, () => {});
  const end = await new Promise((resolve) => dialog.onEnded(resolve));
  t.same(end, { by: 'ack_timeout' });
});

void t.test(
  'when the signalling server is lost, every call knows',
  { skip: REAL_SERVER && 'it is not ours to stop' },
  async (t) => {
    const s = await startTelephony(t);
    const lost = new Promise<void>((resolve) => s.telephony.onLost(resolve));
    const e = await establish(s);
    s.peer.send(inviteText(s.peer, newCall()));
    const waiting = await s.nextInvite();
    const cancelled = new Promise<string>((resolve) => waiting.onCancelled(resolve));
    await s.stopServer?.();
    await Promise.all([lost, cancelled]);
    t.same(await e.ended, { by: 'signalling_lost' });
    await e.dialog.hangup();
  },
);
