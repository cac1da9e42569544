import t from 'tap';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import type { DialRequest } from '../../../src/domain/ports/telephony.js';
import { header } from '../../support/sip-peer.js';
import { responseText } from '../../support/sip-texts.js';
import { startTelephony, type TestTelephony } from '../../support/telephony.js';

const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n';
const CHALLENGE = 'Digest realm="r", nonce="one", qop="auth", algorithm=SHA-256';
const credentials = { username: 'desk', password: 'secret' };

const dial = (s: TestTelephony, options: Partial<DialRequest> = {}): ReturnType<TestTelephony['telephony']['dial']> =>
  s.telephony.dial({
    uri: `sip:+4930123@127.0.0.1:${s.peer.port}`,
    from: { uri: 'sip:+49301@trunk.example;user=phone', user: '+49301', displayName: 'Desk' },
    local: { rtpPort: 20_000, rtcpPort: 20_001 },
    onAgreement: () => {},
    signal: new AbortController().signal,
    ...options,
  });
const contact = (s: TestTelephony): string[] => [`Contact: <sip:bob@127.0.0.1:${s.peer.port}>`];

void t.test('a challenge is answered with the same call: same Call-ID and tag, next number, same offer', async (t) => {
  for (const [status, asks, proves] of [
    [401, 'WWW-Authenticate', 'Authorization'],
    [407, 'Proxy-Authenticate', 'Proxy-Authorization'],
  ] as const) {
    const s = await startTelephony(t);
    const callIds: string[] = [];
    const dialled = dial(s, { credentials, onSent: (callId) => callIds.push(callId) });
    const first = await s.peer.request('INVITE');
    t.equal(header(first, proves), '');
    s.peer.send(responseText(first, status, 'Who are you', 'proxy', [`${asks}: ${CHALLENGE}`]));
    await s.peer.request('ACK');
    const second = await s.peer.request('INVITE');
    t.equal(header(second, 'Call-ID'), header(first, 'Call-ID'));
    t.equal(header(second, 'From'), header(first, 'From'));
    t.same([header(first, 'CSeq'), header(second, 'CSeq')], ['1 INVITE', '2 INVITE']);
    t.equal(second.body, first.body);
    t.notOk(/;tag=/.test(header(second, 'To')));
    t.match(header(second, proves), /^Digest username="desk", realm="r", nonce="one", uri="sip:\+4930123@127\.0\.0\.1:\d+"/);
    s.peer.send(responseText(second, 200, 'OK', 'bob', contact(s), SDP));
    t.match(await dialled, { answered: true, sipCallId: header(first, 'Call-ID') });
    t.same(callIds, [header(first, 'Call-ID')], 'told of once');
  }
});

void t.test('a wrong password, or none, is a refusal', async (t) => {
  const s = await startTelephony(t);
  const unknown = dial(s);
  const challenge = [`WWW-Authenticate: ${CHALLENGE}`];
  s.peer.send(responseText(await s.peer.request('INVITE'), 401, 'Unauthorized', 'x', challenge));
  t.match(await unknown, { answered: false, failure: { sipCode: 401 } });
  const refused = dial(s, { credentials });
  for (let n = 0; n < 2; n += 1) {
    s.peer.send(responseText(await s.peer.request('INVITE'), 401, 'Unauthorized', 'x', challenge));
  }
  t.match(await refused, { answered: false, failure: { sipCode: 401 } });
});

void t.test('a call that is challenged can be taken back', async (t) => {
  const s = await startTelephony(t);
  const abort = new AbortController();
  const dialled = dial(s, { credentials, signal: abort.signal, onRinging: () => abort.abort() });
  s.peer.send(responseText(await s.peer.request('INVITE'), 407, 'Who', 'x', [`Proxy-Authenticate: ${CHALLENGE}`]));
  const second = await s.peer.request('INVITE');
  s.peer.send(responseText(second, 180, 'Ringing', 'bob'));
  const cancel = await s.peer.request('CANCEL');
  t.match(header(cancel, 'CSeq'), '2 CANCEL');
  s.peer.send(responseText(cancel, 200, 'OK', 'bob'));
  s.peer.send(responseText(second, 487, 'Request Terminated', 'bob'));
  t.match(await dialled, { answered: false, failure: { sipCode: 487 } });

  const early = new AbortController();
  const taken = dial(s, { credentials, signal: early.signal });
  const challenged = await s.peer.request('INVITE');
  early.abort();
  s.peer.send(responseText(challenged, 407, 'Who', 'x', [`Proxy-Authenticate: ${CHALLENGE}`]));
  t.match(await taken, { answered: false, failure: { sipCode: 487 } });
});

void t.test('identity, headers, contact, next hop and codecs are those of the trunk', async (t) => {
  const s = await startTelephony(t);
  const dialled = dial(s, {
    uri: 'sip:030123@trunk.example;user=phone',
    proxy: `sip:127.0.0.1:${s.peer.port}`,
    headers: { 'P-Asserted-Identity': '<sip:+49301@trunk.example>', Privacy: 'id', 'X-Account': '42' },
    contactUser: 'registered',
    codecs: ['PCMA'],
    dtmf: 'info',
  });
  const invite = await s.peer.request('INVITE');
  t.equal(invite.startLine, 'INVITE sip:030123@trunk.example;user=phone SIP/2.0');
  t.match(header(invite, 'From'), /^"Desk" <sip:\+49301@trunk\.example;user=phone>;tag=/);
  t.equal(header(invite, 'P-Asserted-Identity'), '<sip:+49301@trunk.example>');
  t.equal(header(invite, 'Privacy'), 'id');
  t.equal(header(invite, 'X-Account'), '42');
  t.match(header(invite, 'Contact'), /<sip:registered@127\.0\.0\.1:\d+>/);
  t.match(invite.body, /m=audio 20000 RTP\/AVP 8\r\n/, 'no telephone-event: keys come by INFO');
  s.peer.send(responseText(invite, 200, 'OK', 'bob', contact(s), SDP));
  t.match(await dialled, { answered: true });
});

void t.test('a trunk that wants keys by INFO gets them so, one after the other, whatever it answers', async (t) => {
  const s = await startTelephony(t);
  const agreements: AudioAgreement[] = [];
  const dialled = dial(s, { dtmf: 'info', onAgreement: (agreement) => agreements.push(agreement) });
  s.peer.send(responseText(await s.peer.request('INVITE'), 200, 'OK', 'bob', contact(s), SDP));
  const outcome = await dialled;
  if (!outcome.answered) throw new Error('not answered');
  t.match(agreements, [{ telephoneEvent: undefined, inBandDigits: undefined }], 'nor as tones');
  const { dialog } = outcome;
  t.equal(dialog.digits, 'info');
  dialog.sendDigits('5d', { durationMs: 120, gapMs: 60 });
  dialog.sendDigits('#', { durationMs: 120, gapMs: 60 });
  let asked = 0;
  for (const [key, status] of [
    ['5', 200],
    ['D', 481],
    ['#', 200],
  ] as const) {
    const info = await s.peer.request('INFO');
    t.equal(header(info, 'Content-Type'), 'application/dtmf-relay');
    t.equal(info.body, `Signal=${key}\r\nDuration=120\r\n`);
    asked += 1;
    t.equal(s.peer.received.filter(({ method }) => method === 'INFO').length, asked, 'one at a time');
    s.peer.send(responseText(info, status, 'Noted', 'bob'));
  }
});

void t.test('where no RTP events are agreed, or the trunk wants none, keys are tones in the audio', async (t) => {
  const s = await startTelephony(t);
  const without = SDP.replace(' 101\r\na=rtpmap:101 telephone-event/8000', '');
  for (const [dtmf, answer, inBandDigits] of [
    ['rfc4733', SDP, undefined],
    ['rfc4733', without, true],
    ['inband', SDP, true],
    [undefined, without, true],
  ] as const) {
    const agreements: AudioAgreement[] = [];
    const dialled = dial(s, { dtmf, onAgreement: (agreement) => agreements.push(agreement) });
    s.peer.send(responseText(await s.peer.request('INVITE'), 200, 'OK', 'bob', contact(s), answer));
    t.match(await dialled, { answered: true, dialog: { digits: 'rtp' } });
    t.match(agreements, [{ inBandDigits, telephoneEvent: inBandDigits ? undefined : { payloadType: 101 } }]);
  }
});

void t.test('a next hop that is no SIP URI is refused before anything is sent', async (t) => {
  const s = await startTelephony(t);
  await t.rejects(dial(s, { proxy: 'proxy.example' }), { code: 'invalid_request' });
  t.same(s.peer.received, []);
});
