import t from 'tap';
import { DEFAULT_SESSION_TIMER, type SessionTimerPolicy } from '../../../src/domain/call-setup.js';
import { calledBy, type EstablishedCall, PCMU, placedTo, versionOf } from '../../support/dialog-calls.js';
import { JumpingClock } from '../../support/jumping-clock.js';
import { header, type RawMessage } from '../../support/sip-peer.js';
import { ackText, inviteText, newCall, responseText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const skip = REAL_SERVER && 'its clock is not ours';
const QUARTER_MS = 900_000;
const policy = (change: Partial<SessionTimerPolicy>): SessionTimerPolicy => ({ ...DEFAULT_SESSION_TIMER, ...change });
const timer = (refresher: string): string[] => ['Supported: timer', `Session-Expires: 1800;refresher=${refresher}`];
const WITH_UPDATE = 'Allow: INVITE, ACK, BYE, UPDATE';

type Test = Parameters<typeof startTelephony>[0];

async function start(t: Test): Promise<{ s: TestTelephony; clock: JumpingClock }> {
  const clock = new JumpingClock();
  return { s: await startTelephony(t, undefined, clock), clock };
}

let cseq = 100;
/** An exchange that shows that all before it has been worked on: only then may time be put forward. */
async function settled(s: TestTelephony, call: EstablishedCall): Promise<void> {
  cseq += 1;
  call.send('OPTIONS', cseq);
  await s.peer.status(200, 'OPTIONS');
}

/** The peer refreshes, as it has promised. */
async function theyRefresh(s: TestTelephony, call: EstablishedCall, refresher: string): Promise<RawMessage> {
  cseq += 1;
  call.send('INVITE', cseq, { body: PCMU, headers: timer(refresher) });
  const ok = await s.peer.status(200);
  call.acknowledge(cseq);
  await settled(s, call);
  return ok;
}

const noBye = (s: TestTelephony): boolean => !s.peer.received.some((m) => m.startLine.startsWith('BYE'));

/** What our BYE says, and what the call is told. */
async function expiry(s: TestTelephony, call: EstablishedCall): Promise<object> {
  const bye = await s.peer.request('BYE');
  call.answer(bye, 200);
  return { reason: header(bye, 'Reason'), end: await call.ended };
}
const EXPIRED = { reason: /Q\.850;cause=102.*SIP;cause=408;text="session timer expired"/, end: { by: 'session_expired' } };

void t.test('a call of an hour that comes in, refreshed by us with UPDATE', { skip }, async (t) => {
  const { s, clock } = await start(t);
  const call = await calledBy(s, { headers: [...timer('uas'), WITH_UPDATE] });
  t.equal(header(call.ours, 'Session-Expires'), '1800;refresher=uas');
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    await settled(s, call);
    clock.jump(QUARTER_MS);
    const update = await s.peer.request('UPDATE');
    t.equal(update.body, '');
    t.equal(header(update, 'Session-Expires'), '1800;refresher=uac');
    call.answer(update, 200, ['Session-Expires: 1800;refresher=uac']);
  }
  t.ok(noBye(s));
  t.equal(call.agreements.length, 1);
});

void t.test('a call of an hour that comes in, refreshed by the caller; when it stops, the call ends', { skip }, async (t) => {
  const { s, clock } = await start(t);
  const call = await calledBy(s, { headers: timer('uac') });
  t.equal(header(call.ours, 'Require'), 'timer');
  await settled(s, call);
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    clock.jump(QUARTER_MS);
    const ok = await theyRefresh(s, call, 'uac');
    t.equal(header(ok, 'Session-Expires'), '1800;refresher=uac');
    t.equal(versionOf(ok), versionOf(call.ours), 'a refresh changes nothing');
  }
  t.equal(call.agreements.length, 1, 'nor disturbs the media');
  clock.jump(1_760_000);
  await settled(s, call);
  t.ok(noBye(s), 'not before its time');
  clock.jump(8_000);
  t.match(await expiry(s, call), EXPIRED);
});

void t.test(
  'a call of an hour that we place, refreshed by us with re-INVITE through all that can happen to it',
  { skip },
  async (t) => {
    const { s, clock } = await start(t);
    const credentials = { username: 'desk', password: 'secret' };
    const terms = { credentials, sessionTimer: policy({ mode: 'request', refresher: 'us' }) };
    const call = await placedTo(s, { terms, headers: ['Session-Expires: 1800;refresher=uac'] });
    t.equal(header(call.ours, 'Session-Expires'), '1800;refresher=uac');
    const accept = async (refresh: RawMessage): Promise<void> => {
      t.equal(refresh.body, call.ours.body, 'the offer that stands');
      call.answer(refresh, 200, ['Session-Expires: 1800;refresher=uac'], PCMU);
      await s.peer.request('ACK');
    };
    const obstacles: [number, string[]][] = [
      [401, ['WWW-Authenticate: Digest realm="r", nonce="one", qop="auth"']],
      [491, []],
      [500, ['Retry-After: 3']],
      [422, ['Min-SE: 2400']],
    ];
    for (const [status, headers] of obstacles) {
      await settled(s, call);
      clock.jump(QUARTER_MS);
      const first = await s.peer.request('INVITE');
      call.answer(first, status, headers);
      await s.peer.request('ACK');
      const second = await clock.jumpUntil(s.peer.request('INVITE'), 100);
      if (status === 401) t.match(header(second, 'Authorization'), 'Digest username="desk"');
      if (status === 422) {
        t.equal(header(second, 'Session-Expires'), '2400;refresher=uac');
        t.equal(header(second, 'Min-SE'), '2400');
      }
      await accept(second);
    }
    t.ok(noBye(s));
    t.equal(call.agreements.length, 1);
  },
);

void t.test('a call of an hour that we place, refreshed by the far end with UPDATE', { skip }, async (t) => {
  const { s, clock } = await start(t);
  const terms = { sessionTimer: policy({ mode: 'request', refresher: 'them' }) };
  const call = await placedTo(s, { terms, headers: ['Require: timer', 'Session-Expires: 1800;refresher=uas'] });
  t.equal(header(call.ours, 'Session-Expires'), '1800;refresher=uas');
  await settled(s, call);
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    clock.jump(QUARTER_MS);
    cseq += 1;
    call.send('UPDATE', cseq, { headers: timer('uac') });
    t.equal(header(await s.peer.status(200, 'UPDATE'), 'Session-Expires'), '1800;refresher=uac');
    await settled(s, call);
  }
  clock.jump(1_768_000);
  t.match(await expiry(s, call), EXPIRED);
});

void t.test('a refresh that gets 481, or no answer at all, ends the call', { skip }, async (t) => {
  for (const status of [481, 408]) {
    const { s, clock } = await start(t);
    const call = await calledBy(s, { headers: [...timer('uas'), WITH_UPDATE] });
    await settled(s, call);
    clock.jump(QUARTER_MS);
    const update = await s.peer.request('UPDATE');
    if (status === 481) call.answer(update, 481);
    const bye = await clock.jumpUntil(s.peer.request('BYE'));
    t.match(header(bye, 'Reason'), `SIP;cause=${status}`);
    call.answer(bye, 200);
    t.same(await call.ended, { by: 'lost' });
  }
});

void t.test('an interval that is too small is 422 with Min-SE, at the start and in the call', async (t) => {
  const { s } = await start(t);
  const call = newCall();
  s.peer.send(inviteText(s.peer, call, { body: PCMU, headers: ['Supported: timer', 'Session-Expires: 60'] }));
  const invite = await s.nextInvite();
  t.throws(() => invite.check(), { code: 'invalid_request' });
  const refused = await s.peer.status(422);
  t.equal(header(refused, 'Min-SE'), '90');
  s.peer.send(ackText(s.peer, call, refused, { branch: call.branch }));
  const other = await calledBy(s, { terms: { sessionTimer: policy({ minSeS: 300 }) } });
  other.send('UPDATE', 100, { headers: ['Supported: timer', 'Session-Expires: 200'] });
  t.equal(header(await s.peer.status(422, 'UPDATE'), 'Min-SE'), '300');
});

void t.test('a call of ours that is refused for its interval is placed again with a longer one', async (t) => {
  const { s } = await start(t);
  const dialled = s.telephony.dial({
    uri: `sip:bob@127.0.0.1:${s.peer.port}`,
    local: { rtpPort: 20_000, rtcpPort: 20_001 },
    onAgreement: () => {},
    signal: new AbortController().signal,
    sessionTimer: policy({ mode: 'request', expiresS: 600 }),
  });
  const first = await s.peer.request('INVITE');
  t.equal(header(first, 'Session-Expires'), '600');
  s.peer.send(responseText(first, 422, 'Session Interval Too Small', 'bob', ['Min-SE: 900']));
  const second = await s.peer.request('INVITE');
  t.equal(header(second, 'Session-Expires'), '900');
  t.equal(header(second, 'Min-SE'), '900');
  t.same([header(second, 'CSeq'), header(second, 'Call-ID')], ['2 INVITE', header(first, 'Call-ID')]);
  s.peer.send(responseText(second, 422, 'Session Interval Too Small', 'bob', ['Min-SE: 900']));
  t.match(await dialled, { answered: false, failure: { sipCode: 422 } }, 'but not for ever');
});

void t.test(
  'a far end that knows no timers is refreshed by us where we want one, and left alone where not',
  { skip },
  async (t) => {
    for (const [mode, refreshed] of [
      ['request', true],
      ['accept', false],
      ['off', false],
    ] as const) {
      const { s, clock } = await start(t);
      const call = await placedTo(s, { terms: { sessionTimer: policy({ mode }) }, headers: [WITH_UPDATE] });
      t.equal(/timer/.test(header(call.ours, 'Supported')), mode !== 'off');
      await settled(s, call);
      clock.jump(QUARTER_MS + 1000);
      if (refreshed) await s.peer.request('UPDATE');
      await settled(s, call);
      t.equal(
        s.peer.received.some((m) => m.startLine.startsWith('UPDATE')),
        refreshed,
        mode,
      );
    }
  },
);
