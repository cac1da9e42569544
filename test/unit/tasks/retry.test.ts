import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import type { RetryPolicy } from '../../../src/domain/retry-policy.js';
import { rest, startScheduler } from './scheduler-fixture.js';

const BUSY = { status: 'failed', termination: { result: 'client_error', reason: 'busy' } } as const;
const NO_ANSWER = { status: 'failed', termination: { result: 'client_error', reason: 'no_answer' } } as const;
const UNREACHABLE = { status: 'failed', termination: { result: 'upstream_error', reason: 'sip_503' } } as const;
const DONE = { status: 'completed', termination: { result: 'success', reason: 'callee_hangup' } } as const;

const RETRY: RetryPolicy = {
  maxAttempts: 4,
  outcomes: { busy: { afterMs: [60_000, 300_000] }, no_answer: { afterMs: [3_600_000] } },
};

void t.test('a busy callee is called again after each wait; the task is pending meanwhile and keeps its calls', async (t) => {
  const s = await startScheduler(t);
  const id = await s.create(0, { retry: RETRY });
  await rest();
  await s.end(BUSY);
  t.match(await s.task(id), {
    status: 'pending',
    attempts: 1,
    failureReason: undefined,
    callId: s.calls[0]?.id,
    nextAttemptAtMs: s.clock.nowMs() + 60_000,
  });
  await s.pass(59_999);
  t.equal(s.calls.length, 1);
  await s.pass(1);
  t.equal(s.calls.length, 2);
  t.match(await s.task(id), { status: 'in_progress', attempts: 2, nextAttemptAtMs: undefined });
  await s.end(NO_ANSWER);
  await s.pass(3_599_999);
  t.equal(s.calls.length, 2, 'another outcome, another wait');
  await s.pass(1);
  await s.end(BUSY);
  await s.pass(300_000);
  t.equal(s.calls.length, 4);
  await s.end(DONE);
  t.match(await s.task(id), { status: 'completed', attempts: 4 });
  t.same(
    (await s.service.callsOf(await s.task(id))).map((call) => call.termination?.reason),
    ['callee_hangup', 'busy', 'no_answer', 'busy'],
  );
});

void t.test('after the last attempt, or an outcome that is not named, the task fails with its reason', async (t) => {
  const s = await startScheduler(t);
  const twice = await s.create(0, { retry: { ...RETRY, maxAttempts: 2 } });
  await rest();
  await s.end(BUSY);
  await s.pass(60_000);
  await s.end(BUSY);
  t.match(await s.task(twice), { status: 'failed', failureReason: 'busy', attempts: 2 });
  const other = await s.create(0, { retry: RETRY });
  await rest();
  await s.end(UNREACHABLE);
  t.match(await s.task(other), { status: 'failed', failureReason: 'sip_503' });
  await s.pass(86_400_000);
  t.equal(s.calls.length, 3);
});

void t.test(
  "without a policy of its own the organisation's holds, without that the server's; a task may have none",
  async (t) => {
    const s = await startScheduler(t, { hours: undefined, retry: { maxAttempts: 2, outcomes: { busy: { afterMs: [1000] } } } });
    const common = await s.create(0);
    await rest();
    await s.end(BUSY);
    t.match(await s.task(common), { status: 'pending' });
    await s.policies.set(DEFAULT_TENANT, {
      hours: undefined,
      retry: { maxAttempts: 9, outcomes: { busy: { afterMs: [7000] } } },
    });
    await s.pass(1000);
    await s.end(BUSY);
    t.match(await s.task(common), { status: 'pending', nextAttemptAtMs: s.clock.nowMs() + 7000 }, 'from the next attempt on');
    const own = await s.create(0, { retry: { maxAttempts: 1, outcomes: {} }, priority: 5 });
    await rest();
    await s.end(BUSY);
    t.match(await s.task(own), { status: 'failed', failureReason: 'busy' });
  },
);

void t.test('a task that is executed is called again as well; reset begins the count anew', async (t) => {
  const s = await startScheduler(t);
  const id = await s.create(undefined, { retry: { ...RETRY, maxAttempts: 2 } });
  await s.service.execute(DEFAULT_TENANT, id);
  await s.end(BUSY);
  await s.pass(60_000);
  t.equal(s.calls.length, 2);
  await s.end(BUSY);
  t.match(await s.task(id), { status: 'failed', attempts: 2 });
  await s.service.reset(DEFAULT_TENANT, id);
  t.match(await s.task(id), { status: 'pending', attempts: 0, nextAttemptAtMs: undefined });
  await s.pass(86_400_000);
  t.equal(s.calls.length, 2, 'without a time it waits for execute again');
});

void t.test(
  'a retry keeps to the hours, and a task that is changed or executed while it waits is not called twice',
  async (t) => {
    const s = await startScheduler(t);
    // The clock of the tests begins on a Tuesday, 2023-11-14 at 22:13:20 UTC.
    const hours = { from: '22:00', to: '22:14', timezone: 'UTC' };
    const id = await s.create(0, { retry: RETRY, callWindow: hours });
    await rest();
    await s.end(BUSY);
    await s.pass(60_000);
    t.equal(s.calls.length, 1, 'the window has closed');
    t.match(await s.task(id), { status: 'pending', nextAttemptAtMs: Date.parse('2023-11-15T22:00Z') });
    await s.service.patch(DEFAULT_TENANT, id, { callWindow: undefined });
    await rest();
    t.equal(s.calls.length, 2, 'as soon as nothing keeps it any more');
    await s.end(BUSY);
    await s.service.execute(DEFAULT_TENANT, id);
    await s.pass(600_000);
    t.equal(s.calls.length, 3);
    t.match(await s.task(id), { status: 'in_progress', attempts: 3 });
  },
);
