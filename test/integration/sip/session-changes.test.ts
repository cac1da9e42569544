import t from 'tap';
import type { AppError } from '../../../src/core/errors.js';
import { calledBy, directionOf, type EstablishedCall, PCMU, placedTo, sdp, versionOf } from '../../support/dialog-calls.js';
import { JumpingClock } from '../../support/jumping-clock.js';
import { header } from '../../support/sip-peer.js';
import { responseText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const CHALLENGE = 'Digest realm="r", nonce="one", qop="auth"';
const credentials = { username: 'desk', password: 'secret' };
const HELD = sdp('m=audio 40000 RTP/AVP 0', 'a=recvonly');

type Test = Parameters<typeof startTelephony>[0];

/** With the clock that decides how long we wait before another attempt. */
async function start(t: Test): Promise<{ s: TestTelephony; clock: JumpingClock }> {
  const clock = new JumpingClock();
  return { s: await startTelephony(t, undefined, clock), clock };
}

const ROLES: [string, (s: TestTelephony) => Promise<EstablishedCall>][] = [
  ['as the called side', calledBy],
  ['as the calling side', placedTo],
];

for (const [role, establish] of ROLES) {
  void t.test(`${role}: we hold the far end and take it back by re-INVITE`, async (t) => {
    const { s } = await start(t);
    const call = await establish(s);
    const holding = call.dialog.renegotiate({ direction: 'sendonly' });
    const hold = await s.peer.request('INVITE');
    t.equal(directionOf(hold), 'sendonly');
    t.equal(versionOf(hold), versionOf(call.ours) + 1);
    call.answer(hold, 200, [], HELD);
    await s.peer.request('ACK');
    t.equal(await holding, 200);
    t.equal(call.agreements.at(-1)?.direction, 'sendonly');
    call.send('INVITE', 100, { body: PCMU });
    const kept = await s.peer.status(200);
    t.equal(directionOf(kept), 'sendonly', 'an offer of theirs does not end our hold');
    call.acknowledge(100);
    const resuming = call.dialog.renegotiate({ direction: 'sendrecv' });
    const resume = await s.peer.request('INVITE');
    t.equal(directionOf(resume), 'sendrecv');
    call.answer(resume, 200, [], PCMU);
    t.equal(await resuming, 200);
    t.equal(call.agreements.at(-1)?.direction, 'sendrecv');
  });

  void t.test(`${role}: what meets 491, or 500 with Retry-After, is tried again`, async (t) => {
    const { s, clock } = await start(t);
    const call = await establish(s);
    const holding = call.dialog.renegotiate({ direction: 'inactive' });
    const first = await s.peer.request('INVITE');
    call.answer(first, 491);
    await s.peer.request('ACK');
    const second = await clock.jumpUntil(s.peer.request('INVITE'));
    t.equal(second.body, first.body);
    call.answer(second, 500, ['Retry-After: 7']);
    await s.peer.request('ACK');
    call.answer(await clock.jumpUntil(s.peer.request('INVITE')), 200, [], sdp('m=audio 40000 RTP/AVP 0', 'a=inactive'));
    t.equal(await holding, 200);
  });
}

void t.test('a change that is refused leaves the session as it was', async (t) => {
  const { s } = await start(t);
  const call = await calledBy(s);
  const moving = call.dialog.renegotiate({ direction: 'sendonly', local: { rtpPort: 20_010, rtcpPort: 20_011 } });
  const offer = await s.peer.request('INVITE');
  t.match(offer.body, 'm=audio 20010 ');
  call.answer(offer, 488);
  t.equal(await moving, 488);
  t.equal(call.agreements.length, 1);
  call.send('INVITE', 100, { body: '' });
  const ours = await s.peer.status(200);
  t.match(ours.body, 'm=audio 20000 ');
  t.equal(directionOf(ours), 'sendrecv');
  t.ok(versionOf(ours) > versionOf(offer), 'but no version is used twice');
});

void t.test('changes are offered one after the other, also by UPDATE', async (t) => {
  const { s } = await start(t);
  const call = await calledBy(s);
  const changes = [
    call.dialog.renegotiate({ direction: 'sendonly', method: 'UPDATE' }),
    call.dialog.renegotiate({ direction: 'sendrecv' }),
  ];
  const update = await s.peer.request('UPDATE');
  t.equal(directionOf(update), 'sendonly');
  t.notOk(s.peer.received.some((m) => m.startLine.startsWith('INVITE')));
  call.answer(update, 200, [], HELD);
  call.answer(await s.peer.request('INVITE'), 200, [], PCMU);
  t.same(await Promise.all(changes), [200, 200]);
});

void t.test('a re-INVITE or UPDATE with an offer that crosses ours is 491, and both sides get theirs in the end', async (t) => {
  const { s } = await start(t);
  const call = await placedTo(s);
  const holding = call.dialog.renegotiate({ direction: 'sendonly' });
  const ours = await s.peer.request('INVITE');
  call.send('INVITE', 100, { body: HELD });
  await s.peer.status(491);
  call.send('UPDATE', 101, { body: HELD });
  await s.peer.status(491, 'UPDATE');
  call.send('UPDATE', 102);
  await s.peer.status(200, 'UPDATE');
  call.answer(ours, 200, [], HELD);
  t.equal(await holding, 200);
  await s.peer.request('ACK');
  call.send('UPDATE', 103, { body: HELD });
  t.equal(directionOf(await s.peer.status(200, 'UPDATE')), 'sendonly');
});

void t.test('requests of ours that are challenged are sent again with credentials', async (t) => {
  for (const [status, asks, proves] of [
    [401, 'WWW-Authenticate', 'Authorization'],
    [407, 'Proxy-Authenticate', 'Proxy-Authorization'],
  ] as const) {
    const { s } = await start(t);
    const calls = [await placedTo(s, { terms: { credentials } }), await calledBy(s, { terms: { credentials } })];
    for (const call of calls) {
      const steps: [string, () => Promise<unknown>][] = [
        ['INVITE', () => call.dialog.renegotiate({ direction: 'sendonly' })],
        ['UPDATE', () => call.dialog.renegotiate({ direction: 'sendonly', method: 'UPDATE' })],
        ['REFER', () => call.dialog.refer('sip:carol@127.0.0.1', () => {})],
        ['BYE', () => call.dialog.hangup()],
      ];
      for (const [method, step] of steps) {
        const done = step();
        const first = await s.peer.request(method);
        call.answer(first, status, [`${asks}: ${CHALLENGE}`]);
        const second = await s.peer.request(method);
        const uri = second.startLine.split(' ')[1];
        t.match(header(second, proves), `uri="${uri}"`, method);
        t.match(header(second, proves), 'username="desk"');
        t.equal(Number.parseInt(header(second, 'CSeq'), 10), Number.parseInt(header(first, 'CSeq'), 10) + 1);
        t.equal(second.body, first.body);
        call.answer(second, method === 'REFER' ? 202 : 200, [], method === 'BYE' || method === 'REFER' ? '' : HELD);
        await done;
      }
      t.match(await call.ended, { by: 'local' });
    }
  }
});

void t.test('a challenge that cannot be answered is the answer', async (t) => {
  const { s } = await start(t);
  const call = await placedTo(s);
  const holding = call.dialog.renegotiate({ direction: 'sendonly' });
  call.answer(await s.peer.request('INVITE'), 401, [`WWW-Authenticate: ${CHALLENGE}`]);
  t.equal(await holding, 401);
  const gone = call.dialog.hangup();
  call.answer(await s.peer.request('BYE'), 407, [`Proxy-Authenticate: ${CHALLENGE}`]);
  await gone;
});

void t.test('a far end that no longer knows the call, or answers what is no answer, is hung up on', async (t) => {
  const { s } = await start(t);
  const rows: [number, string, string, RegExp][] = [
    [481, '', 'lost', /SIP;cause=481/],
    [200, sdp('m=audio 40000 RTP/AVP 18'), 'no_agreement', /Q\.850;cause=88/],
  ];
  for (const [status, body, by, reason] of rows) {
    const call = await calledBy(s);
    const changing = call.dialog.renegotiate({ direction: 'sendonly' }).catch((error: AppError) => error.code);
    call.answer(await s.peer.request('INVITE'), status, [], body);
    t.match(await call.ended, { by });
    const bye = await s.peer.request('BYE');
    t.match(header(bye, 'Reason'), reason);
    call.answer(bye, 200);
    t.equal(await changing, by === 'lost' ? 481 : 'call_already_ended');
  }
});

void t.test('why a call ends is said in our BYE, and read in theirs', async (t) => {
  const { s } = await start(t);
  const ours = await calledBy(s);
  const gone = ours.dialog.hangup({ q850: 102, sip: 408, text: 'media "timeout"' });
  const bye = await s.peer.request('BYE');
  t.equal(header(bye, 'Reason'), 'Q.850;cause=102;text="media \\"timeout\\"", SIP;cause=408;text="media \\"timeout\\""');
  ours.answer(bye, 200);
  await gone;
  const theirs = await placedTo(s);
  theirs.send('BYE', 100, { headers: ['Reason: SIP ;cause=580 ;text="Precondition Failure", Q.850;cause=47'] });
  t.same(await theirs.ended, { by: 'remote', reason: { sip: 580, q850: 47, text: 'Precondition Failure' } });
});

void t.test('changing a call that has ended is refused', { skip: REAL_SERVER && 'needs no server' }, async (t) => {
  const { s } = await start(t);
  const call = await calledBy(s);
  const pending = call.dialog.renegotiate({ direction: 'sendonly' });
  await s.peer.request('INVITE');
  call.send('BYE', 100);
  await t.rejects(pending, { code: 'call_already_ended' });
  await t.rejects(call.dialog.renegotiate({ direction: 'sendrecv' }), { code: 'call_already_ended' });
});

void t.test('a call that is placed without an offer is answered in our ACK', async (t) => {
  const { s } = await start(t);
  const rows: [string, object][] = [
    [PCMU, { answered: true }],
    [sdp('m=audio 40000 RTP/AVP 18'), { answered: false, failure: { sipCode: 488 } }],
  ];
  for (const [offer, outcome] of rows) {
    const codecs: string[] = [];
    const dialled = s.telephony.dial({
      uri: `sip:bob@127.0.0.1:${s.peer.port}`,
      local: { rtpPort: 20_000, rtcpPort: 20_001 },
      onAgreement: ({ codec }) => codecs.push(codec),
      signal: new AbortController().signal,
      delayedOffer: true,
    });
    const invite = await s.peer.request('INVITE');
    t.equal(invite.body, '');
    t.notMatch(header(invite, 'Supported'), '100rel');
    s.peer.send(responseText(invite, 200, 'OK', 'bob', [`Contact: <sip:bob@127.0.0.1:${s.peer.port}>`], offer));
    const ack = await s.peer.request('ACK');
    if (codecs.length > 0) t.match(ack.body, 'm=audio 20000 RTP/AVP 0\r\n');
    else s.peer.send(responseText(await s.peer.request('BYE'), 200, 'OK', ''));
    t.match(await dialled, outcome);
    t.same(codecs, offer === PCMU ? ['PCMU'] : []);
  }
});
