import t from 'tap';
import { LoadMonitor, type LoadSignal } from '../../../src/calls/load-monitor.js';
import { ProviderQuota, shareSinceLast } from '../../../src/calls/load-signals.js';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';

/** A monitor of figures that the test sets: at 100 the limit, calm below 70; three seconds to shed, ten to calm. */
function monitored(t: { teardown(task: () => void): void }) {
  const clock = new FakeClock();
  const value = { event_loop: 0, media: 0, media_ports: 0 };
  let reliefs = 0;
  const signal = (reason: keyof typeof value): LoadSignal => ({ reason, read: () => value[reason], limit: 100, relief: 70 });
  const monitor = new LoadMonitor({
    signals: [signal('event_loop'), signal('media'), { ...signal('media_ports'), relief: 100, immediate: true }],
    sustainedMs: 3000,
    calmMs: 10_000,
    clock,
    log: silentLogger,
    onRelief: () => {
      reliefs += 1;
    },
  });
  t.teardown(() => monitor.close());
  monitor.start();
  return { clock, value, monitor, reliefs: () => reliefs };
}

void t.test('a figure at its limit sheds only when it stays there', async (t) => {
  const { clock, value, monitor } = monitored(t);
  value.event_loop = 100;
  clock.advance(3000);
  value.event_loop = 99;
  clock.advance(1000);
  value.event_loop = 500;
  clock.advance(3000);
  t.same(monitor.reasons, [], 'the break began the count anew');
  clock.advance(1000);
  t.same(monitor.reasons, ['event_loop']);
});

void t.test('what is shed comes back only after a long calm, well below the limit', async (t) => {
  const { clock, value, monitor, reliefs } = monitored(t);
  value.event_loop = 150;
  clock.advance(5000);
  value.event_loop = 80;
  clock.advance(60_000);
  t.same(monitor.reasons, ['event_loop'], 'below the limit, and not calm');
  value.event_loop = 69;
  clock.advance(10_000);
  t.same(monitor.reasons, ['event_loop']);
  t.equal(reliefs(), 0);
  clock.advance(1000);
  t.same(monitor.reasons, []);
  t.equal(reliefs(), 1);
});

void t.test('each reason stands for itself, and relief is told when the last is gone', async (t) => {
  const { clock, value, monitor, reliefs } = monitored(t);
  value.event_loop = 100;
  value.media = 200;
  clock.advance(4000);
  t.same(monitor.reasons, ['event_loop', 'media']);
  value.event_loop = 0;
  clock.advance(11_000);
  t.same(monitor.reasons, ['media']);
  t.equal(reliefs(), 0);
  t.same(monitor.figures(), [
    { reason: 'event_loop', ratio: 0, shedding: false },
    { reason: 'media', ratio: 2, shedding: true },
    { reason: 'media_ports', ratio: 0, shedding: false },
  ]);
});

void t.test('a state counts at once in both directions', async (t) => {
  const { clock, value, monitor, reliefs } = monitored(t);
  value.media_ports = 100;
  clock.advance(1000);
  t.same(monitor.reasons, ['media_ports']);
  value.media_ports = 99;
  clock.advance(1000);
  t.same(monitor.reasons, []);
  t.equal(reliefs(), 1);
});

void t.test('no figure is no reason, and a closed monitor looks no more', async (t) => {
  const { clock, value, monitor } = monitored(t);
  value.event_loop = Number.NaN;
  clock.advance(10_000);
  t.same(monitor.reasons, []);
  t.equal(monitor.figures()[0]?.ratio, 0);
  monitor.close();
  t.equal(clock.pendingTimers, 0);
});

void t.test('a share is of what happened since the last reading, and counters may begin anew', async (t) => {
  let counters = { wrong: 10, right: 90 };
  const share = shareSinceLast(() => counters);
  t.equal(share(), 0, 'what was before does not count');
  counters = { wrong: 11, right: 93 };
  t.equal(share(), 0.25);
  t.equal(share(), 0);
  counters = { wrong: 0, right: 2 };
  t.equal(share(), 0);
  counters = { wrong: 2, right: 2 };
  t.equal(share(), 1);
});

void t.test('the share of refusals is of the last half minute, and needs three of them', async (t) => {
  const clock = new FakeClock();
  const quota = new ProviderQuota(clock);
  t.equal(quota.refusedShare(), 0);
  for (const status of [200, 429, 429]) quota.onAnswer(status);
  t.equal(quota.refusedShare(), 0);
  quota.onAnswer(429);
  t.equal(quota.refusedShare(), 0.75);
  clock.advance(29_000);
  quota.onAnswer(500);
  t.equal(quota.refusedShare(), 0.6);
  clock.advance(2000);
  t.equal(quota.refusedShare(), 0);
});
