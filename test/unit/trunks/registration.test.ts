import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { silentLogger } from '../../../src/core/log.js';
import type { RegisterOutcome } from '../../../src/domain/ports/trunk-signalling.js';
import { Registration } from '../../../src/trunks/registration.js';
import { accepted, FakeTrunkSignalling, refused } from '../../support/fake-trunk-signalling.js';

const ACCESS = {
  host: 'h',
  port: undefined,
  transport: 'udp',
  nat: 'off',
  nextHop: 'sip:registrar.example',
  username: 'u',
  credentials: undefined,
} as const;

/** Lets promises settle. */
const rest = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

function start(options: { expiresS?: number; random?: number } = {}) {
  const clock = new FakeClock();
  const signalling = new FakeTrunkSignalling();
  const attempts: string[] = [];
  const binding = signalling.openBinding(ACCESS);
  const registration = new Registration(binding, options.expiresS ?? 3600, {
    clock,
    log: silentLogger,
    random: () => options.random ?? 0,
    onAttempt: (result) => attempts.push(result),
  });
  const { asked } = signalling.bindings[0]!;
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await rest();
  };
  return { clock, signalling, registration, asked, attempts, pass };
}

void t.test('is refreshed before what was granted has passed, not what was asked for', async (t) => {
  for (const [random, refreshMs] of [
    [0, 84_000],
    [1, 102_000],
  ] as const) {
    const s = start({ random });
    s.signalling.answer = () => accepted(120);
    s.registration.start();
    await rest();
    t.match(s.registration.status, { state: 'registered', expiresAtMs: s.clock.nowMs() + 120_000, lastError: undefined });
    t.equal(s.registration.status.nextAttemptAtMs, s.clock.nowMs() + refreshMs);
    await s.pass(refreshMs - 1);
    t.same(s.asked, [3600]);
    await s.pass(1);
    t.same(s.asked, [3600, 3600]);
    t.equal(s.registration.status.expiresAtMs, s.clock.nowMs() + 120_000);
  }
});

void t.test('423: asks for what the registrar wants at least, at once and from then on', async (t) => {
  const s = start({ expiresS: 60 });
  s.signalling.answer = (expiresS) => (expiresS < 600 ? refused(423, { minExpiresS: 600 }) : accepted(expiresS));
  s.registration.start();
  await rest();
  t.same(s.asked, [60, 600]);
  t.equal(s.registration.status.state, 'registered');
  await s.pass(420_000);
  t.same(s.asked, [60, 600, 600]);
});

void t.test('423 that asks for nothing we could give is a failure like another', async (t) => {
  for (const minExpiresS of [undefined, 60, 3600, 4_000_000_000]) {
    const s = start();
    s.signalling.answer = () => refused(423, { minExpiresS });
    s.registration.start();
    await rest();
    t.same(s.asked, [3600]);
    t.match(s.registration.status, { state: 'failed', lastError: { code: 423 } });
  }
});

void t.test('failures are tried again, each time later, up to five minutes; success forgets them', async (t) => {
  const s = start({ random: 1 });
  s.signalling.answer = () => refused(503);
  s.registration.start();
  await rest();
  t.match(s.registration.status, { state: 'failed', lastError: { code: 503, message: '503 No' } });
  const waits: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const waitMs = (s.registration.status.nextAttemptAtMs ?? 0) - s.clock.nowMs();
    waits.push(waitMs / 1000);
    await s.pass(waitMs);
  }
  t.same(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  s.signalling.answer = accepted;
  await s.pass(300_000);
  t.match(s.registration.status, { state: 'registered', lastError: undefined });
  t.same(s.attempts, [...Array.from({ length: 11 }, () => 'refused'), 'accepted']);
  s.signalling.answer = () => refused(408);
  await s.pass(3_060_000);
  t.equal((s.registration.status.nextAttemptAtMs ?? 0) - s.clock.nowMs(), 2000, 'from the beginning');
});

void t.test('the wait is halved by chance at most, and a Retry-After is waited for', async (t) => {
  const s = start({ random: 0 });
  s.signalling.answer = () => refused(503, { retryAfterS: 90 });
  s.registration.start();
  await rest();
  t.equal((s.registration.status.nextAttemptAtMs ?? 0) - s.clock.nowMs(), 90_000);
  s.signalling.answer = () => refused(503);
  await s.pass(90_000);
  t.equal((s.registration.status.nextAttemptAtMs ?? 0) - s.clock.nowMs(), 2000);
});

void t.test('who is refused for the password does not insist, and says why', async (t) => {
  const s = start({ random: 1 });
  s.signalling.answer = () => refused(403, { reason: 'Forbidden', credentialsRefused: true });
  s.registration.start();
  await rest();
  t.match(s.registration.status, {
    state: 'failed',
    lastError: { code: 403, message: '403 Forbidden: user name or password refused' },
    nextAttemptAtMs: s.clock.nowMs() + 60_000,
  });
});

void t.test('a refresh that fails leaves us registered until the time granted is over', async (t) => {
  const s = start();
  s.registration.start();
  await rest();
  s.signalling.answer = () => new AppError('signalling_unavailable', 'the REGISTER could not be sent');
  await s.pass(2_520_000);
  t.match(s.registration.status, { state: 'registered', lastError: { code: undefined, message: /could not be sent/ } });
  await s.pass(1_079_999);
  t.equal(s.registration.status.state, 'registered');
  await s.pass(1);
  t.match(s.registration.status, { state: 'failed', expiresAtMs: undefined });
  s.signalling.answer = accepted;
  await s.pass(300_000);
  t.match(s.registration.status, { state: 'registered', lastError: undefined });
});

void t.test('the end takes the binding back, once, and leaves no timer', async (t) => {
  const s = start();
  s.registration.start();
  await rest();
  await Promise.all([s.registration.close(), s.registration.close()]);
  t.same(s.asked, [3600, 0]);
  t.equal(s.clock.pendingTimers, 0);
  t.equal(s.registration.status.expiresAtMs, undefined);
});

void t.test('calls may come from a registrar that stood in until its binding ends', async (t) => {
  const s = start();
  const at = (address: string) => ({ accepted: true as const, expiresS: 100, registrar: { address, port: 5060 } });
  s.signalling.answer = () => at('192.0.2.2');
  s.registration.start();
  await rest();
  s.signalling.answer = () => at('192.0.2.1');
  await s.pass(70_000);
  t.equal(s.registration.registrarAddress, '192.0.2.1');
  t.same(s.registration.registrarAddresses, ['192.0.2.2', '192.0.2.1']);
  await s.pass(30_000);
  t.same(s.registration.registrarAddresses, ['192.0.2.1']);
});

void t.test('who was not registered takes nothing back', async (t) => {
  const s = start();
  s.signalling.answer = () => refused(503);
  s.registration.start();
  await rest();
  await s.registration.close();
  t.same(s.asked, [3600]);
  t.equal(s.clock.pendingTimers, 0);
});

void t.test('an attempt that is under way at the end is taken back when it succeeds, within two seconds', async (t) => {
  for (const late of [false, true]) {
    const s = start();
    let answer: (outcome: RegisterOutcome) => void = () => {};
    s.signalling.answer = (expiresS) => (expiresS === 0 ? accepted(0) : new Promise((resolve) => (answer = resolve)));
    s.registration.start();
    const closing = s.registration.close();
    await s.pass(late ? 2000 : 1999);
    answer(accepted(3600));
    await closing;
    await rest();
    t.same(s.asked, late ? [3600] : [3600, 0], 'later it might be the binding of who comes after us');
    t.equal(s.clock.pendingTimers, 0);
  }
});
