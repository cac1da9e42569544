import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import type { TenantId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Task } from '../../../src/domain/task.js';
import type { Attempt } from '../../../src/tasks/task-dialler.js';
import { TaskScheduler } from '../../../src/tasks/task-scheduler.js';
import { rest } from './scheduler-fixture.js';

type Queued = { tenantId: TenantId; name: string };

/** The scheduler over queues in memory, in their order. What an attempt comes to is up to the test; a call makes its task go away. */
function start(
  t: { teardown(task: () => Promise<void>): void },
  queued: Queued[],
  given: { places?: number; perTenant?: number } = {},
) {
  const clock = new FakeClock();
  const limits = { places: 1000, perTenant: 1000, ...given };
  let waiting = queued;
  const called: string[] = [];
  const held = new Map<TenantId, number>();
  const attempted: string[] = [];
  const outcome: { of: (task: Queued) => Attempt } = { of: () => ({ is: 'called' }) };
  const scheduler = new TaskScheduler({
    clock,
    log: silentLogger,
    tasks: {
      nextAttemptMs: (afterMs) => Promise.resolve(afterMs === undefined && waiting.length > 0 ? 0 : undefined),
      tenantsDue: () => Promise.resolve([...new Set(waiting.map((task) => task.tenantId))]),
      due: (tenant, _nowMs, { limit, offset }) =>
        Promise.resolve(waiting.filter((task) => task.tenantId === tenant).slice(offset, offset + limit) as Task[]),
      putOff: () => Promise.resolve(),
    },
    calls: {
      room: (tenant) => {
        const free = limits.places - called.length;
        return tenant === undefined ? free : Math.min(free, limits.perTenant - (held.get(tenant) ?? 0));
      },
    },
    dialler: {
      attempt: (task) => {
        attempted.push(task.name);
        const attempt = outcome.of(task);
        if (attempt.is === 'called') {
          called.push(task.name);
          held.set(task.tenantId, (held.get(task.tenantId) ?? 0) + 1);
          waiting = waiting.filter((other) => other.name !== task.name);
        }
        return Promise.resolve(attempt);
      },
    },
  });
  t.teardown(() => scheduler.close());
  const look = async (): Promise<void> => {
    scheduler.wake();
    await rest();
  };
  return { clock, limits, called, attempted, outcome, look };
}

const queue = (tenant: string, count: number): Queued[] =>
  Array.from({ length: count }, (_, index) => ({ tenantId: tenant as TenantId, name: `${tenant}${index}` }));

void t.test('a tenant with thousands of due tasks does not keep one with few waiting', async (t) => {
  const s = start(t, [...queue('a', 2000), ...queue('b', 3), ...queue('c', 1)], { places: 10 });
  await s.look();
  t.same(s.called, ['a0', 'b0', 'c0', 'a1', 'b1', 'a2', 'b2', 'a3', 'a4', 'a5']);
});

void t.test('places that come free one at a time go round as well', async (t) => {
  const s = start(t, [...queue('a', 50), ...queue('b', 50), ...queue('c', 50)], { places: 0 });
  for (s.limits.places = 1; s.limits.places <= 6; s.limits.places += 1) await s.look();
  t.same(s.called, ['a0', 'b0', 'c0', 'a1', 'b1', 'c1']);
});

void t.test('a tenant at its own limit is passed over', async (t) => {
  const s = start(t, [...queue('a', 20), ...queue('b', 4)], { perTenant: 3 });
  await s.look();
  t.same(s.called, ['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
});

void t.test(
  'tasks whose line is blocked for long let others pass, in their own tenant too; a short wait keeps the order',
  async (t) => {
    const s = start(t, [...queue('a', 60), ...queue('b', 1)]);
    s.outcome.of = ({ name }) => (name === 'a47' || name === 'b0' ? { is: 'called' } : { is: 'blocked', waitMs: 20_000 });
    await s.look();
    t.same(s.called, ['a47', 'b0']);
    s.attempted.length = 0;
    s.outcome.of = () => ({ is: 'blocked', waitMs: 200 });
    await s.look();
    t.same(s.attempted, ['a0']);
    s.outcome.of = () => ({ is: 'called' });
    s.clock.advance(199);
    await rest();
    t.equal(s.called.length, 2);
    s.clock.advance(1);
    await rest();
    t.equal(s.called.length, 61, 'looked again when the wait was over');
  },
);

void t.test('a tenant for which nothing goes now costs the others nothing', async (t) => {
  const s = start(t, [...queue('a', 2000), ...queue('b', 2)]);
  s.outcome.of = ({ tenantId }) => ({ is: tenantId === 'b' ? 'called' : 'stuck' });
  await s.look();
  t.same(s.called, ['b0', 'b1']);
  t.equal(s.attempted.length, 3);
});

void t.test('of many tenants that all wait for their lines only some are asked at a look, others at the next', async (t) => {
  const s = start(t, Array.from({ length: 100 }, (_, index) => queue(`t${index}-`, 5)).flat());
  s.outcome.of = () => ({ is: 'blocked', waitMs: 500 });
  await s.look();
  const first = new Set(s.attempted);
  t.ok(first.size < 100);
  s.attempted.length = 0;
  await s.look();
  t.notOk(s.attempted.some((name) => first.has(name)));
});
