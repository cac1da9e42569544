import t from 'tap';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import type { IncomingInvite } from '../../../src/domain/ports/telephony.js';
import { RFC_TIMING } from '../../../src/signalling/transaction/timing.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ackText, type CallTexts, inviteText, newCall, type RequestOptions, requestText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const LOCAL = { rtpPort: 20_000, rtcpPort: 20_001 };
const sdp = (...lines: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ...lines, ''].join('\r\n');
const PCMU = sdp('m=audio 40000 RTP/AVP 0');
const KNOWS_100REL = { body: PCMU, headers: ['Supported: 100rel'] };

async function invited(s: TestTelephony, options: RequestOptions): Promise<{ call: CallTexts; invite: IncomingInvite }> {
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, options));
  return { call, invite: await s.nextInvite() };
}

function sendPrack(s: TestTelephony, call: CallTexts, provisional: RawMessage, body = '', cseq = 2): void {
  const rack = `RAck: ${header(provisional, 'RSeq')} 1 INVITE`;
  s.peer.send(requestText(s.peer, 'PRACK', call, { to: header(provisional, 'To'), cseq, headers: [rack], body }));
}

const audioLine = (message: RawMessage): string => /m=audio [^\r]*/.exec(message.body)?.[0] ?? '';

void t.test('who can acknowledge it is rung reliably, and the answer does not wait for that', async (t) => {
  const s = await startTelephony(t);
  const { call, invite } = await invited(s, KNOWS_100REL);
  t.equal(invite.reliable, 'supported');
  invite.ring();
  const ringing = await s.peer.status(180);
  t.match(header(ringing, 'Require'), '100rel');
  t.match(header(ringing, 'RSeq'), /^\d+$/);
  t.match(header(ringing, 'Contact'), 'sip:');
  const dialog = await invite.answer(LOCAL, () => {});
  const ok = await s.peer.status(200);
  sendPrack(s, call, ringing);
  await s.peer.status(200, 'PRACK');
  const acknowledged = new Promise<void>((resolve) => dialog.onAcknowledged(resolve));
  s.peer.send(ackText(s.peer, call, ok));
  await acknowledged;
});

void t.test('who cannot, and whom our policy keeps from it, is rung as ever', async (t) => {
  const s = await startTelephony(t);
  const plain = await invited(s, { body: PCMU });
  t.equal(plain.invite.reliable, 'unknown');
  plain.invite.ring({ reliable: 'accept' });
  t.equal(header(await s.peer.status(180), 'RSeq'), '');
  const off = await invited(s, KNOWS_100REL);
  off.invite.ring({ reliable: 'off' });
  t.equal(header(await s.peer.status(180), 'RSeq'), '');
});

void t.test('a 183 waits until the 180 before it is acknowledged, and the answer until the 183 is', async (t) => {
  const s = await startTelephony(t);
  const { call, invite } = await invited(s, KNOWS_100REL);
  const agreements: AudioAgreement[] = [];
  invite.ring();
  const early = invite.startEarlyMedia(LOCAL, (agreement) => agreements.push(agreement));
  const ringing = await s.peer.status(180);
  t.notOk(
    s.peer.received.some(({ status }) => status === 183),
    'one at a time (RFC 3262 section 3)',
  );
  sendPrack(s, call, ringing);
  const progress = await s.peer.status(183);
  t.equal(Number(header(progress, 'RSeq')), Number(header(ringing, 'RSeq')) + 1);
  t.equal(audioLine(progress), 'm=audio 20000 RTP/AVP 0');
  sendPrack(s, call, progress, '', 3);
  t.ok(await early);
  t.match(agreements, [{ codec: 'PCMU', remote: { rtpPort: 40_000 } }]);
  await invite.answer(LOCAL, () => t.fail('agreed on already'));
  const ok = await s.peer.status(200);
  t.equal(ok.body, progress.body, 'the answer says the same again');
  s.peer.send(ackText(s.peer, call, ok));
});

void t.test('a PRACK, or an UPDATE before the answer, may bring another offer', async (t) => {
  const s = await startTelephony(t);
  const { call, invite } = await invited(s, KNOWS_100REL);
  const agreements: AudioAgreement[] = [];
  const early = invite.startEarlyMedia(LOCAL, (agreement) => agreements.push(agreement));
  const progress = await s.peer.status(183);
  sendPrack(s, call, progress, sdp('m=audio 40010 RTP/AVP 8'));
  t.equal(audioLine(await s.peer.status(200, 'PRACK')), 'm=audio 20000 RTP/AVP 8');
  await early;
  const to = header(progress, 'To');
  s.peer.send(requestText(s.peer, 'UPDATE', call, { to, cseq: 3, body: sdp('m=audio 40020 RTP/AVP 0') }));
  t.equal(audioLine(await s.peer.status(200, 'UPDATE')), 'm=audio 20000 RTP/AVP 0');
  t.same(
    agreements.map(({ codec, remote }) => `${codec} ${remote.rtpPort}`),
    ['PCMU 40000', 'PCMA 40010', 'PCMU 40020'],
  );
  const dialog = await invite.answer(LOCAL, () => {});
  s.peer.send(ackText(s.peer, call, await s.peer.status(200)));
  t.ok(dialog);
});

void t.test('without 100rel a 183 is answered over all the same, but an UPDATE has to wait', async (t) => {
  const s = await startTelephony(t);
  const { call, invite } = await invited(s, { body: PCMU });
  t.ok(await invite.startEarlyMedia(LOCAL, () => {}));
  const progress = await s.peer.status(183);
  s.peer.send(requestText(s.peer, 'UPDATE', call, { to: header(progress, 'To'), cseq: 2, body: PCMU }));
  t.match(header(await s.peer.status(500, 'UPDATE'), 'Retry-After'), /\d/);
  await invite.answer(LOCAL, () => {});
  t.equal((await s.peer.status(200)).body, progress.body);
});

void t.test('an INVITE without an offer has no early media', async (t) => {
  const s = await startTelephony(t);
  const { invite } = await invited(s, { body: '' });
  t.notOk(await invite.startEarlyMedia(LOCAL, () => t.fail('nothing to agree on')));
  await invite.answer(LOCAL, () => {});
  await s.peer.status(200);
  t.notOk(s.peer.received.some(({ status }) => status === 183));
});

void t.test(
  'a caller that never acknowledges the ringing ends in 504, and the call is told so',
  { skip: REAL_SERVER && 'its timers are its own' },
  async (t) => {
    const s = await startTelephony(t, { ...RFC_TIMING, t1Ms: 4 });
    const { invite } = await invited(s, { body: PCMU, headers: ['Require: 100rel'] });
    t.equal(invite.reliable, 'required');
    const why = new Promise<string>((resolve) => invite.onCancelled(resolve));
    invite.ring();
    await s.peer.status(504);
    t.equal(await why, 'no_prack');
    t.ok(s.peer.received.filter(({ status }) => status === 180).length > 2, 'repeated meanwhile');
  },
);

void t.test('an invitation that has run out is refused', { skip: REAL_SERVER && 'its timers are its own' }, async (t) => {
  const s = await startTelephony(t);
  const { invite } = await invited(s, { body: PCMU, headers: ['Expires: 1'] });
  const why = new Promise<string>((resolve) => invite.onCancelled(resolve));
  invite.ring();
  await s.peer.status(487);
  t.equal(await why, 'caller');
});

void t.test('who the call was for before is read from Diversion', async (t) => {
  const s = await startTelephony(t);
  const headers = ['Diversion: <sip:+4930111@pbx>;reason=user-busy;counter=1', 'Diversion: <sip:boss@pbx>;reason="no-answer"'];
  const { invite } = await invited(s, { body: PCMU, headers });
  t.same(invite.diversions, [
    { uri: 'sip:+4930111@pbx', user: '+4930111', reason: 'user-busy' },
    { uri: 'sip:boss@pbx', user: 'boss', reason: 'no-answer' },
  ]);
});
