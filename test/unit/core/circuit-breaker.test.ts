import t from 'tap';
import { type BreakerState, type Carried, CircuitBreaker } from '../../../src/core/circuit-breaker.js';
import { FakeClock } from '../../../src/core/clock.js';

function start() {
  const clock = new FakeClock();
  const states: BreakerState[] = [];
  const options = { windowCalls: 6, minimumCalls: 4, failurePercent: 50, openMs: 30_000 };
  const breaker = new CircuitBreaker(clock, options, (state) => states.push(state));
  const calls = (...results: Carried[]): void => {
    for (const result of results) breaker.admit()(result);
  };
  return { clock, breaker, states, calls };
}

void t.test(
  'opens when the share of failures among the last calls is reached, and not before there are enough of them',
  async (t) => {
    const { breaker, calls, states } = start();
    calls('failed', 'failed', 'failed');
    t.equal(breaker.state, 'closed', 'three calls are too few');
    calls('carried');
    t.equal(breaker.state, 'open');
    t.equal(breaker.waitMs(), 30_000);
    t.same(states, ['open']);
  },
);

void t.test('only the last calls count', async (t) => {
  const { breaker, calls } = start();
  calls('failed', 'carried', 'carried', 'carried', 'carried', 'carried', 'carried', 'failed', 'failed');
  t.equal(breaker.state, 'closed', 'two of the last six');
  calls('failed');
  t.equal(breaker.state, 'open', 'three of the last six');
});

void t.test('lets one probe through when its time has passed: it closes on success, and opens anew on failure', async (t) => {
  const { breaker, calls, clock, states } = start();
  calls('failed', 'failed', 'failed', 'failed');
  clock.advance(29_999);
  t.equal(breaker.waitMs(), 1);
  clock.advance(1);
  t.equal(breaker.state, 'half_open');
  t.equal(breaker.waitMs(), 0);
  const probe = breaker.admit();
  t.ok(breaker.waitMs() > 0, 'nobody else while the probe is out');
  clock.advance(60_000);
  t.ok(breaker.waitMs() > 0, 'however long it takes');
  probe('failed');
  t.equal(breaker.waitMs(), 30_000);
  clock.advance(30_000);
  breaker.admit()('carried');
  t.equal(breaker.state, 'closed');
  t.equal(breaker.waitMs(), 0);
  t.same(states, ['open', 'half_open', 'open', 'half_open', 'closed']);
  calls('failed', 'failed', 'failed');
  t.equal(breaker.state, 'closed', 'what was before is forgotten');
});

void t.test('a probe that tells nothing makes room for another', async (t) => {
  const { breaker, calls, clock } = start();
  calls('failed', 'failed', 'failed', 'failed');
  clock.advance(30_000);
  breaker.admit()(undefined);
  t.equal(breaker.waitMs(), 0);
  t.equal(breaker.state, 'half_open');
});

void t.test(
  'calls that were under way when it opened, or when it closed again, change nothing; each call counts once',
  async (t) => {
    const { breaker, calls, clock } = start();
    const late = [breaker.admit(), breaker.admit()];
    calls('failed', 'failed', 'failed', 'failed');
    late[0]?.('carried');
    t.equal(breaker.state, 'open', 'a late success does not close it');
    clock.advance(30_000);
    const probe = breaker.admit();
    late[1]?.('failed');
    t.ok(breaker.waitMs() > 0 && breaker.state === 'half_open', 'the probe is still the one that tells');
    probe('carried');
    probe('failed');
    const one = breaker.admit();
    for (let time = 0; time < 9; time += 1) one('failed');
    t.equal(breaker.state, 'closed');
  },
);
