import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_SESSION_TIMER, type SessionTimerPolicy } from '../../../src/domain/call-setup.js';
import { agreedTimer, answerTimer, askTimer, keepTimer } from '../../../src/sip/session-expires.js';
import { SessionTimer } from '../../../src/sip/session-timer.js';
import type { SrfMessage, SrfResponse } from '../../../src/sip/srf-types.js';
import { settle } from '../calls/call-fixture.js';

const policy = (change: Partial<SessionTimerPolicy> = {}): SessionTimerPolicy => ({ ...DEFAULT_SESSION_TIMER, ...change });

function message(headers: Record<string, string>, status = 200): SrfResponse {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const has = (name: string): boolean => byName.has(name.toLowerCase());
  return { status, get: (name: string) => byName.get(name.toLowerCase()), has } as unknown as SrfResponse;
}

/** The interval, and who refreshes, that our answer to this request settles; or the failure it gets. */
function answered(request: Record<string, string>, change: Partial<SessionTimerPolicy> = {}): string {
  const answer = answerTimer(message(request), policy(change));
  if (answer.refusal) return `${answer.refusal.status} ${Object.values(answer.refusal.headers).join()}`;
  const { headers, agreement } = answer;
  if ((headers['Require'] === 'timer') !== (agreement?.weRefresh === false)) return 'requires what it should not, or does not';
  return agreement ? (headers['Session-Expires'] ?? '') : 'none';
}

const ABLE = { Supported: 'replaces, timer' };

void t.test('who refreshes, and when, is as the caller says, or else as the policy says', async (t) => {
  const rows: [Record<string, string>, Partial<SessionTimerPolicy>, string][] = [
    [{ ...ABLE, 'Session-Expires': '1800;refresher=uac' }, {}, '1800;refresher=uac'],
    [{ ...ABLE, 'Session-Expires': '1800 ; refresher=uas' }, {}, '1800;refresher=uas'],
    [{ ...ABLE, 'Session-Expires': '1800' }, {}, '1800;refresher=uas'],
    [{ ...ABLE, 'Session-Expires': '1800' }, { refresher: 'them' }, '1800;refresher=uac'],
    [{ 'Session-Expires': '1800' }, { refresher: 'them' }, '1800;refresher=uas'],
    [{ Require: 'timer', 'Session-Expires': '600' }, { refresher: 'them' }, '600;refresher=uac'],
    [{ ...ABLE, 'Session-Expires': '60' }, {}, '422 90'],
    [{ ...ABLE, 'Session-Expires': '200' }, { minSeS: 300 }, '422 300'],
    [{ 'Session-Expires': '60' }, {}, '90;refresher=uas'],
    [{ ...ABLE, 'Session-Expires': 'soon' }, {}, 'none'],
    [ABLE, {}, 'none'],
    [{}, { mode: 'request' }, '1800;refresher=uas'],
    [{ ...ABLE, 'Min-SE': '3600' }, { mode: 'request', refresher: 'them' }, '3600;refresher=uac'],
    [{ ...ABLE, 'Session-Expires': '60;refresher=uac' }, { mode: 'off' }, 'none'],
    [{ Require: 'timer', 'Session-Expires': '1800' }, { mode: 'off' }, '420 timer'],
  ];
  for (const [request, change, expected] of rows) {
    t.equal(answered(request, change), expected, JSON.stringify([request, change]));
  }
  const kept = answerTimer(message({ ...ABLE, 'Session-Expires': '90' }), policy(), { intervalS: 90, weRefresh: false });
  t.match(kept, { agreement: { weRefresh: false } }, 'in mid-call nobody changes roles without being told');
});

void t.test('what we ask for, and what the answer makes of it', async (t) => {
  t.same(askTimer(policy(), 90), {});
  t.same(askTimer(policy({ mode: 'request' }), 90), { 'Session-Expires': '1800' });
  t.same(askTimer(policy({ mode: 'request', expiresS: 600, refresher: 'them' }), 900), {
    'Session-Expires': '900;refresher=uas',
    'Min-SE': '900',
  });
  t.same(askTimer(policy({ mode: 'request', refresher: 'us' }), 90), { 'Session-Expires': '1800;refresher=uac' });
  t.same(keepTimer({ intervalS: 90, weRefresh: false }, 120), { 'Session-Expires': '120;refresher=uas', 'Min-SE': '120' });
  const agreed = (value: Record<string, string>, change: Partial<SessionTimerPolicy> = {}): unknown =>
    agreedTimer(message(value), policy(change), 90);
  t.same(agreed({ 'Session-Expires': '300;refresher=uas' }), { intervalS: 300, weRefresh: false });
  t.same(agreed({ 'Session-Expires': '300' }), { intervalS: 300, weRefresh: true });
  t.same(agreed({}), undefined);
  t.same(
    agreed({}, { mode: 'request' }),
    { intervalS: 1800, weRefresh: true },
    'a far end that knows no timers is refreshed by us',
  );
  t.same(agreed({ 'Session-Expires': '300' }, { mode: 'off' }), undefined);
});

type Run = { clock: FakeClock; timer: SessionTimer; events: string[] };

/** A timer whose refreshes are answered as `answer` says; what it does is written down with its time in seconds. */
function run(
  answer: (method: string, round: number) => SrfMessage | Error,
  change: Partial<SessionTimerPolicy> = {},
  update = true,
): Run {
  const clock = new FakeClock(0);
  const events: string[] = [];
  const note = (what: string): void => void events.push(`${clock.nowMs() / 1000} ${what}`);
  let round = 0;
  const timer = new SessionTimer({
    clock,
    policy: policy(change),
    allowsUpdate: () => update,
    refresh: (method) => {
      note(method);
      const response = answer(method, round++) as SrfResponse | Error;
      if (response instanceof Error) return Promise.reject(response);
      if (response.status < 300) timer.answered(response);
      return Promise.resolve(response);
    },
    onExpired: () => note('expired'),
    onLost: (status) => note(`lost ${status}`),
  });
  return { clock, timer, events };
}

async function pass({ clock }: Run, seconds: number): Promise<void> {
  for (let half = 0; half < seconds * 2; half += 1) {
    clock.advance(500);
    await settle();
  }
}

const agreedOn = (intervalS: number): SrfMessage => message({ 'Session-Expires': `${intervalS};refresher=uac` });

void t.test('we refresh half way, by UPDATE where the far end takes it, else by INVITE, again and again', async (t) => {
  for (const [update, change, method] of [
    [true, {}, 'UPDATE'],
    [false, {}, 'INVITE'],
    [true, { refreshMethod: 'invite' }, 'INVITE'],
  ] as const) {
    const it = run(() => agreedOn(90), change, update);
    it.timer.agree({ intervalS: 90, weRefresh: true });
    await pass(it, 140);
    t.same(it.events, [`45 ${method}`, `90 ${method}`, `135 ${method}`]);
    it.timer.close();
    t.equal(it.clock.pendingTimers, 0);
  }
});

void t.test('a session that nobody refreshes is given up a little before its end (section 10)', async (t) => {
  const short = run(() => agreedOn(90));
  short.timer.agree({ intervalS: 90, weRefresh: false });
  await pass(short, 100);
  t.same(short.events, ['60 expired'], 'a third before');
  const long = run(() => agreedOn(90));
  long.timer.agree({ intervalS: 1800, weRefresh: false });
  await pass(long, 1800);
  t.same(long.events, ['1768 expired'], '32 s before');
});

void t.test('a refresh that is refused is tried again while there is time', async (t) => {
  const it = run((_, round) => (round < 2 ? message({}, 503) : agreedOn(90)), {}, false);
  it.timer.agree({ intervalS: 90, weRefresh: true });
  await pass(it, 60);
  t.same(it.events, ['45 INVITE', '52.5 INVITE', '57.5 INVITE']);
  const never = run(() => new Error('no connection'), {}, false);
  never.timer.agree({ intervalS: 90, weRefresh: true });
  await pass(never, 200);
  t.same(never.events, ['45 INVITE', '52.5 INVITE', '57.5 INVITE', '60 expired']);
});

void t.test('a far end that refuses UPDATE after all is refreshed by INVITE at once', async (t) => {
  const it = run((method) => (method === 'UPDATE' ? message({}, 405) : agreedOn(90)));
  it.timer.agree({ intervalS: 90, weRefresh: true });
  await pass(it, 95);
  t.same(it.events, ['45 UPDATE', '45 INVITE', '90 INVITE']);
});

void t.test('a far end that does not answer, or no longer knows the call, ends it', async (t) => {
  for (const status of [408, 481]) {
    const it = run(() => message({}, status));
    it.timer.agree({ intervalS: 1800, weRefresh: true });
    await pass(it, 901);
    t.same(it.events, ['900 UPDATE', `900 lost ${status}`]);
  }
});

void t.test('after a 422 we ask for no less than it says', async (t) => {
  const it = run(() => agreedOn(90));
  it.timer.agree({ intervalS: 90, weRefresh: true });
  it.timer.refused(message({ 'Min-SE': '240' }, 422));
  t.same(it.timer.headers(), { Supported: 'timer', 'Session-Expires': '240;refresher=uac', 'Min-SE': '240' });
});
