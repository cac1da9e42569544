import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { rest, startScheduler } from './scheduler-fixture.js';

// The clock of the tests begins on a Tuesday, 2023-11-14 at 22:13:20 UTC.
const OPENS = Date.parse('2023-11-15T09:00Z');
const OFFICE = { from: '09:00', to: '17:00' };

void t.test('outside its hours a task waits until they begin, and does not hold up the others', async (t) => {
  const s = await startScheduler(t, { hours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], ...OFFICE }, retry: undefined });
  const london = await s.create(0, { toNumber: '+442071234567', priority: 9 });
  await s.create(0, { toNumber: '+61212345678', callWindow: { timezone: 'Australia/Sydney' } });
  await rest();
  t.same(s.dialled, ['+61212345678'], 'where it is a quarter past nine');
  t.match(await s.task(london), { status: 'pending', nextAttemptAtMs: OPENS });
  await s.pass(OPENS - s.clock.nowMs() - 1);
  t.equal(s.dialled.length, 1);
  await s.pass(1);
  t.same(s.dialled, ['+61212345678', '+442071234567']);
});

void t.test('hundreds outside their hours are put off at one look', async (t) => {
  const s = await startScheduler(t);
  s.room.calls = 0;
  for (let i = 0; i < 130; i += 1) await s.create(0, { callWindow: { ...OFFICE, timezone: 'UTC' }, priority: 1 });
  await s.create(0, { toNumber: '+19' });
  s.room.calls = 500;
  s.scheduler.wake();
  await rest();
  await rest();
  t.same(s.dialled, ['+19']);
  await s.pass(OPENS - s.clock.nowMs());
  await rest();
  await rest();
  t.equal(s.dialled.length, 131);
});

void t.test('a task that has lost its time zone fails with the reason and is never called', async (t) => {
  const s = await startScheduler(t);
  const window = { ...OFFICE, timezone: 'UTC' };
  const [bad, unknown, never] = [
    await s.create(60_000, { callWindow: window }),
    await s.create(60_000, { toNumber: '+80012345678', callWindow: window }),
    await s.create(60_000, { toNumber: '+12125550123', callWindow: { from: '12:00', to: '12:30', timezone: 'UTC' } }),
  ];
  // As another program, or a version with other rules, may have left them.
  for (const [id, callWindow] of [
    [bad, { ...window, timezone: 'Mars/Olympus' }],
    [unknown, OFFICE],
    [never, { from: '12:00', to: '12:30' }],
  ] as const) {
    await s.database.tasks.patch(DEFAULT_TENANT, id, { callWindow }, s.clock.nowMs());
  }
  await s.pass(7 * 86_400_000);
  t.same(s.dialled, []);
  t.match(await s.task(bad), { status: 'failed', failureReason: 'bad_timezone', attempts: 0 });
  t.match(await s.task(unknown), { status: 'failed', failureReason: 'unknown_timezone' });
  t.match(await s.task(never), { status: 'failed', failureReason: 'no_common_hours' });
});

void t.test('execute outside the hours is refused with the time they begin at, unless it is told to ignore them', async (t) => {
  const s = await startScheduler(t);
  const id = await s.create(undefined, { callWindow: { ...OFFICE, timezone: 'UTC' } });
  await t.rejects(s.service.execute(DEFAULT_TENANT, id), {
    code: 'conflict',
    publicMessage: /begin at 2023-11-15T09:00:00\.000Z/,
  });
  t.match(await s.task(id), { status: 'pending', attempts: 0 });
  await s.service.execute(DEFAULT_TENANT, id, { ignoreWindow: true });
  t.equal(s.dialled.length, 1);
  await s.database.tasks.reset(DEFAULT_TENANT, id, { nowMs: s.clock.nowMs() });
  await s.database.tasks.patch(DEFAULT_TENANT, id, { callWindow: { timezone: 'Mars/Olympus' } }, s.clock.nowMs());
  await t.rejects(s.service.execute(DEFAULT_TENANT, id, { ignoreWindow: true }), { code: 'conflict' }, 'a bad zone never dials');
  t.equal(s.dialled.length, 1);
});
