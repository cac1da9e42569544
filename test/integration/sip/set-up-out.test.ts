import t from 'tap';
import type { AudioAgreement } from '../../../src/domain/ports/media.js';
import type { DialRequest } from '../../../src/domain/ports/telephony.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { requestText, responseText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const sdp = (port: number, format = 8): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP ${format}\r\n`;

type Dialled = {
  outcome: ReturnType<TestTelephony['telephony']['dial']>;
  invite: RawMessage;
  agreements: AudioAgreement[];
  abort: AbortController;
};

async function dial(s: TestTelephony, options: Partial<DialRequest> = {}): Promise<Dialled> {
  const agreements: AudioAgreement[] = [];
  const abort = new AbortController();
  const outcome = s.telephony.dial({
    uri: `sip:bob@127.0.0.1:${s.peer.port}`,
    local: { rtpPort: 20_000, rtcpPort: 20_001 },
    onAgreement: (agreement) => agreements.push(agreement),
    signal: abort.signal,
    ...options,
  });
  return { outcome, invite: await s.peer.request('INVITE'), agreements, abort };
}

const contact = (s: TestTelephony, user = 'bob'): string => `Contact: <sip:${user}@127.0.0.1:${s.peer.port}>`;
const ports = ({ agreements }: Dialled): number[] => agreements.map(({ remote }) => remote.rtpPort);

/** The far end picks up; resolves once we have acknowledged it. */
async function pickUp(s: TestTelephony, { invite, outcome }: Dialled, tag: string, body: string): Promise<void> {
  s.peer.send(responseText(invite, 200, 'OK', tag, [contact(s, tag)], body));
  const { answered } = await outcome;
  if (!answered) throw new Error('not answered');
  await s.peer.request('ACK');
}

void t.test('early media is taken before the answer, which confirms it, says nothing, or says otherwise', async (t) => {
  const s = await startTelephony(t);
  for (const { body, expected } of [
    { body: sdp(41_000), expected: [41_000, 41_000] },
    { body: '', expected: [41_000, 41_000] },
    { body: sdp(42_000), expected: [41_000, 42_000] },
  ]) {
    const call = await dial(s);
    s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', [contact(s)], sdp(41_000)));
    s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', [contact(s)], sdp(41_000)));
    await pickUp(s, call, 'bob', body);
    t.same(ports(call), expected);
  }
});

void t.test('a trunk whose early media is ignored is heard from the answer on', async (t) => {
  const s = await startTelephony(t);
  for (const body of [sdp(41_000), '']) {
    const call = await dial(s, { earlyMedia: 'ignore' });
    s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', [contact(s)], sdp(41_000)));
    s.peer.send(responseText(call.invite, 180, 'Ringing', 'bob', [contact(s)]));
    await pickUp(s, call, 'bob', body);
    t.same(ports(call), [41_000], 'what an answer without a description means was said before');
  }
});

void t.test('early media nobody can use costs nothing but itself', async (t) => {
  const s = await startTelephony(t);
  const call = await dial(s);
  s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', [contact(s)], sdp(41_000, 18)));
  s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', [contact(s)], 'rubbish'));
  await pickUp(s, call, 'bob', sdp(42_000));
  t.same(ports(call), [42_000]);
});

void t.test('of several forks the newest is heard, the one that picks up is kept, and a second one is hung up on', async (t) => {
  const s = await startTelephony(t);
  const call = await dial(s);
  for (const [tag, port] of [
    ['bob', 41_000],
    ['carol', 42_000],
    ['bob', 41_000],
  ] as const) {
    s.peer.send(responseText(call.invite, 183, 'Session Progress', tag, [contact(s, tag)], sdp(port)));
  }
  await pickUp(s, call, 'bob', '');
  t.same(ports(call), [41_000, 42_000, 41_000]);
  s.peer.send(responseText(call.invite, 200, 'OK', 'carol', [contact(s, 'carol')], sdp(42_000)));
  const ack = await s.peer.request('ACK');
  t.match(ack.startLine, 'ACK sip:carol@');
  const bye = await s.peer.request('BYE');
  t.match(bye.startLine, 'BYE sip:carol@');
  s.peer.send(responseText(bye, 200, 'OK', 'carol'));
  s.peer.send(responseText(call.invite, 180, 'Ringing', 'dave', [contact(s, 'dave')], sdp(43_000)));
  const outcome = await call.outcome;
  if (!outcome.answered) throw new Error('not answered');
  const gone = outcome.dialog.hangup();
  const hungUp = await s.peer.request('BYE');
  t.match(hungUp.startLine, 'BYE sip:bob@', 'the first is the call');
  s.peer.send(responseText(hungUp, 200, 'OK', 'bob'));
  await gone;
  t.same(ports(call), [41_000, 42_000, 41_000], 'and nobody else is listened to any more');
});

void t.test('reliable provisionals are acknowledged in order, and what the INVITE says of them is the policy', async (t) => {
  const s = await startTelephony(t);
  const off = await dial(s, { reliable: 'off' });
  t.equal(header(off.invite, 'Supported'), 'timer, replaces');
  s.peer.send(responseText(off.invite, 486, 'Busy Here', 'bob'));
  await off.outcome;
  const strict = await dial(s, { reliable: 'require' });
  t.match(header(strict.invite, 'Require'), '100rel');
  s.peer.send(responseText(strict.invite, 420, 'Bad Extension', 'bob'));
  t.match(await strict.outcome, { answered: false, failure: { sipCode: 420 } });

  const call = await dial(s);
  t.match(header(call.invite, 'Supported'), '100rel');
  const reliable = (sequence: number): string[] => [contact(s), 'Require: 100rel', `RSeq: ${sequence}`];
  s.peer.send(responseText(call.invite, 183, 'Session Progress', 'bob', reliable(900), sdp(41_000)));
  const first = await s.peer.request('PRACK');
  t.equal(header(first, 'RAck'), '900 1 INVITE');
  s.peer.send(responseText(first, 200, 'OK', 'bob'));
  s.peer.send(responseText(call.invite, 180, 'Ringing', 'bob', reliable(902)));
  s.peer.send(responseText(call.invite, 180, 'Ringing', 'bob', reliable(901)));
  const second = await s.peer.request('PRACK');
  t.equal(header(second, 'RAck'), '901 1 INVITE', 'the one that came too early is passed over');
  t.equal(header(second, 'CSeq'), '3 PRACK');
  s.peer.send(responseText(second, 200, 'OK', 'bob'));
  // The fork has its answer for certain, so it may ask for something else before it picks up (RFC 3311).
  const update = requestText(
    s.peer,
    'UPDATE',
    { callId: header(call.invite, 'Call-ID'), fromTag: '', branch: '', cseq: 1 },
    {
      body: sdp(41_500),
      to: header(call.invite, 'From'),
    },
  );
  s.peer.send(update.replace(/^From: .*$/m, `From: ${header(call.invite, 'To')};tag=bob`));
  t.match((await s.peer.status(200, 'UPDATE')).body, 'm=audio 20000 RTP/AVP 8');
  await pickUp(s, call, 'bob', sdp(41_000));
  t.same(ports(call), [41_000, 41_500], 'what the answer repeats is older than the UPDATE');
});

void t.test('a 3xx tells where it points to, the most wanted first', async (t) => {
  const s = await startTelephony(t);
  const call = await dial(s);
  const contacts = ['Contact: <sip:a@h>;q=0.1, <sip:b@h>;q=0.7', 'Contact: <mailto:c@h>'];
  s.peer.send(responseText(call.invite, 302, 'Moved Temporarily', 'bob', contacts));
  t.same(await call.outcome, {
    answered: false,
    failure: { sipCode: 302, reason: 'Moved Temporarily', contacts: ['sip:b@h', 'sip:a@h'] },
  });
});

void t.test(
  'nobody responds: the call fails in the time it was given',
  { skip: REAL_SERVER && 'waits for timer B' },
  async (t) => {
    const s = await startTelephony(t);
    const call = await dial(s, { firstResponseMs: 300 });
    t.notMatch(call.invite.text, /first-response/i);
    t.match(await call.outcome, { answered: false, failure: { sipCode: 408 } });
    s.peer.send(responseText(call.invite, 180, 'Ringing', 'bob', [contact(s)]));
    const cancel = await s.peer.request('CANCEL');
    t.equal(header(cancel, 'Call-ID'), header(call.invite, 'Call-ID'), 'and rings for nobody later');
    s.peer.send(responseText(cancel, 200, 'OK', 'bob'));
    s.peer.send(responseText(call.invite, 487, 'Request Terminated', 'bob'));
  },
);

void t.test('a CANCEL is held back until the far end has said anything', async (t) => {
  const s = await startTelephony(t);
  const call = await dial(s);
  call.abort.abort();
  s.peer.send(responseText(call.invite, 100, 'Trying', ''));
  const cancel = await s.peer.request('CANCEL');
  const [first] = s.peer.received.filter(({ method }) => method === 'CANCEL');
  t.equal(first?.text, cancel.text);
  s.peer.send(responseText(cancel, 200, 'OK', 'bob'));
  s.peer.send(responseText(call.invite, 487, 'Request Terminated', 'bob'));
  t.match(await call.outcome, { answered: false, failure: { sipCode: 487 } });
});
