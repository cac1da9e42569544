import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { FreezableTimers } from '../../../src/pipeline/freezable-timers.js';

void t.test('frozen time does not count', async (t) => {
  const clock = new FakeClock();
  const timers = new FreezableTimers(clock);
  const fired: number[] = [];
  timers.schedule(100, () => fired.push(clock.monotonicMs()));
  clock.advance(40);
  timers.freeze();
  timers.schedule(10, () => fired.push(clock.monotonicMs()));
  clock.advance(1_000);
  t.same(fired, []);
  timers.freeze();
  timers.thaw();
  clock.advance(59);
  t.same(fired, [1_050], 'one begun while frozen runs from the thaw');
  clock.advance(1);
  t.same(fired, [1_050, 1_100]);
});

void t.test('cancelled and cleared timers never fire and leave nothing behind', async (t) => {
  const clock = new FakeClock();
  const timers = new FreezableTimers(clock);
  const fail = (): void => {
    t.fail('fired');
  };
  timers.schedule(10, fail)();
  const cancel = timers.schedule(10, fail);
  timers.freeze();
  cancel();
  timers.schedule(10, fail);
  timers.thaw();
  timers.clear();
  clock.advance(100);
  t.equal(clock.pendingTimers, 0);
});
