import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import type { DialRequest } from '../../../src/domain/ports/telephony.js';
import { connectTelephony } from '../../../src/sip/drachtio-telephony.js';
import { loopbackAddresses } from '../../support/loopback.js';
import { header } from '../../support/sip-peer.js';
import { newCall, requestText, responseText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n';
const NEVER = new AbortController().signal;

const dial = (s: TestTelephony, options: Partial<DialRequest> = {}): ReturnType<TestTelephony['telephony']['dial']> =>
  s.telephony.dial({
    uri: `sip:bob@127.0.0.1:${s.peer.port}`,
    local: { rtpPort: 20_000, rtcpPort: 20_005 },
    onAgreement: () => {},
    signal: NEVER,
    ...options,
  });

const contact = (s: TestTelephony): string[] => [`Contact: <sip:bob@127.0.0.1:${s.peer.port}>`];

void t.test('a call out rings, is answered, and ends when the far end hangs up', async (t) => {
  const s = await startTelephony(t);
  const agreements: AudioAgreement[] = [];
  let rang = 0;
  const dialled = dial(s, {
    from: { uri: 'sip:desk@localhost', user: 'desk', displayName: 'The "Desk"' },
    codecs: ['PCMA', 'opus'],
    onAgreement: (agreement) => agreements.push(agreement),
    onRinging: () => {
      rang += 1;
    },
  });
  const invite = await s.peer.request('INVITE');
  t.match(header(invite, 'From'), /^"The \\"Desk\\"" ?<sip:desk@127\.0\.0\.1/);
  t.match(header(invite, 'Contact'), /<sip:desk@127\.0\.0\.1:\d+/);
  t.match(invite.body, /m=audio 20000 RTP\/AVP 8 96 101 102\r\n/);
  t.match(invite.body, /a=rtcp:20005\r\n/);
  s.peer.send(responseText(invite, 180, 'Ringing', 'bob'));
  s.peer.send(responseText(invite, 200, 'OK', 'bob', contact(s), SDP));
  const outcome = await dialled;
  await s.peer.request('ACK');
  if (!outcome.answered) throw new Error('not answered');
  t.equal(rang, 1);
  t.equal(outcome.sipCallId, header(invite, 'Call-ID'));
  t.match(agreements, [{ codec: 'PCMA', payloadType: 8, remote: { address: '127.0.0.1', rtpPort: 40_000 } }]);
  const ended = new Promise((resolve) => outcome.dialog.onEnded(resolve));
  const [from, to] = [header(invite, 'To'), header(invite, 'From')];
  const bye = requestText(s.peer, 'BYE', { ...newCall(), callId: header(invite, 'Call-ID') }, { to, cseq: 7 });
  s.peer.send(bye.replace(/^From: .*$/m, `From: ${from};tag=bob`));
  await s.peer.status(200, 'BYE');
  t.same(await ended, { by: 'remote' });
});

void t.test('a refusal is an outcome with its code, not an error', async (t) => {
  const s = await startTelephony(t);
  const dialled = dial(s);
  s.peer.send(responseText(await s.peer.request('INVITE'), 486, 'Busy Here', 'bob'));
  t.same(await dialled, { answered: false, failure: { sipCode: 486, reason: 'Busy Here' } });
});

void t.test('aborting while it rings sends CANCEL', async (t) => {
  const s = await startTelephony(t);
  const abort = new AbortController();
  const dialled = dial(s, { signal: abort.signal, onRinging: () => abort.abort() });
  const invite = await s.peer.request('INVITE');
  s.peer.send(responseText(invite, 180, 'Ringing', 'bob'));
  const cancel = await s.peer.request('CANCEL');
  s.peer.send(responseText(cancel, 200, 'OK', 'bob'));
  s.peer.send(responseText(invite, 487, 'Request Terminated', 'bob'));
  t.match(await dialled, { answered: false, failure: { sipCode: 487 } });
});

void t.test('an answer that crosses the CANCEL is hung up on', async (t) => {
  const s = await startTelephony(t);
  const abort = new AbortController();
  const dialled = dial(s, { signal: abort.signal, onRinging: () => abort.abort() });
  const invite = await s.peer.request('INVITE');
  s.peer.send(responseText(invite, 180, 'Ringing', 'bob'));
  const cancel = await s.peer.request('CANCEL');
  s.peer.send(responseText(invite, 200, 'OK', 'bob', contact(s), SDP));
  s.peer.send(responseText(cancel, 200, 'OK', 'bob'));
  t.match(await dialled, { answered: false, failure: { sipCode: 487 } });
  await s.peer.request('BYE');
});

void t.test('an answer nobody can use is hung up on, and reported as 488', async (t) => {
  const s = await startTelephony(t);
  for (const answer of ['', SDP.replace('RTP/AVP 8', 'RTP/AVP 18')]) {
    const dialled = dial(s);
    const invite = await s.peer.request('INVITE');
    s.peer.send(responseText(invite, 200, 'OK', 'bob', contact(s), answer));
    t.match(await dialled, { answered: false, failure: { sipCode: 488 } });
    const bye = await s.peer.request('BYE');
    s.peer.send(responseText(bye, 200, 'OK', 'bob'));
  }
});

void t.test('nothing is sent for a call that is aborted already, or for what is no SIP URI', async (t) => {
  const s = await startTelephony(t);
  t.match(await dial(s, { signal: AbortSignal.abort() }), { answered: false, failure: { sipCode: 487 } });
  for (const uri of ['', 'bob', 'tel:123', 'sip:a b@host', 'sip:x@host\r\nX-Evil: 1', 'http://host']) {
    await t.rejects(dial(s, { uri }), { code: 'invalid_request' }, JSON.stringify(uri));
  }
  t.same(s.peer.received, []);
});

void t.test(
  'dialling without a signalling server is signalling_unavailable',
  { skip: REAL_SERVER && 'it is not ours to stop' },
  async (t) => {
    const s = await startTelephony(t);
    const lost = new Promise<void>((resolve) => s.telephony.onLost(resolve));
    const dialled = dial(s);
    await s.peer.request('INVITE');
    await s.stopServer?.();
    await t.rejects(dialled, { code: 'signalling_unavailable' });
    await lost;
    await t.rejects(dial(s), { code: 'signalling_unavailable' });
  },
);

void t.test(
  'a wrong secret is refused, and the process can end',
  { skip: REAL_SERVER && 'a drachtio-server does not insist' },
  async (t) => {
    const { startSignallingServer } = await import('../../../src/signalling/signalling-server.js');
    const server = await startSignallingServer({
      bind: '127.0.0.1',
      sipPort: 0,
      externalIp: undefined,
      secret: 'right',
      clock: systemClock,
      log: silentLogger,
    });
    t.teardown(() => server.close());
    const options = {
      host: '127.0.0.1',
      port: server.appPort,
      addresses: loopbackAddresses(),
      userAgent: 'x',
      log: silentLogger,
      clock: systemClock,
    };
    await t.rejects(connectTelephony({ ...options, secret: 'wrong' }), { code: 'signalling_unavailable' });
  },
);
