import t from 'tap';
import { OutboundLines } from '../../../src/calls/outbound-lines.js';
import { FakeClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Line, Way } from '../../../src/domain/ports/outbound-route.js';

const BREAKER = { windowCalls: 4, minimumCalls: 2, failurePercent: 50, openMs: 30_000 };
const way = (line: Line): Way => ({ uri: `sip:+1@${line.key}.example`, from: undefined, line });

function start() {
  const clock = new FakeClock();
  return { clock, lines: new OutboundLines({ clock, log: silentLogger, callsPerSecond: 10, breaker: BREAKER }) };
}

void t.test('the first way that has a place and works is taken, and its place comes back once', async (t) => {
  const { lines } = start();
  const ways = [way({ key: 'a', maxConcurrent: 1 }), way({ key: 'b', maxConcurrent: 1 })];
  const first = lines.take(ways);
  t.equal(first.way.line.key, 'a');
  const second = lines.take(ways);
  t.equal(second.way.line.key, 'b');
  t.ok(lines.waitMs(ways) > 0);
  t.throws(() => lines.take(ways), { code: 'capacity_exhausted', publicMessage: /as many calls as it may have/ });
  first.place.leave();
  first.place.leave();
  t.equal(lines.waitMs(ways), 0);
  t.equal(lines.take(ways).way.line.key, 'a');
  t.throws(() => lines.take(ways), { code: 'capacity_exhausted' }, 'one place came back, not two');
});

void t.test('a call moves on from line to line: it holds one place at a time, and none at its end', async (t) => {
  const { lines } = start();
  const ways = ['a', 'b', 'c'].map((key) => way({ key, maxConcurrent: 1 }));
  const seat = lines.take(ways);
  const taken = lines.take(ways.slice(1));
  t.equal(taken.way.line.key, 'b');
  t.ok(seat.moveOn());
  t.equal(seat.way.line.key, 'c', 'a full line is passed over');
  t.equal(lines.waitMs(ways.slice(0, 1)), 0, 'the first line has its place back');
  t.notOk(seat.moveOn());
  t.equal(seat.way.line.key, 'c');
  t.ok(lines.waitMs(ways.slice(2)) > 0);
  seat.leave();
  seat.leave();
  taken.leave();
  t.equal(lines.waitMs(ways.slice(1)), 0);
});

void t.test('a line on which calls keep failing is passed over, and all lines of that kind refuse with the time', async (t) => {
  const { lines, clock } = start();
  const [a, b] = [way({ key: 'a' }), way({ key: 'b' })];
  const fail = (one: Way): void => {
    for (let call = 0; call < 2; call += 1) {
      const { place } = lines.take([one]);
      place.settle('failed');
      place.leave();
    }
  };
  fail(a);
  t.equal(lines.take([a, b]).way.line.key, 'b');
  t.equal(lines.waitMs([a]), 30_000);
  t.same(lines.states(), { closed: 1, open: 1, half_open: 0 });
  clock.advance(5000);
  fail(b);
  t.equal(lines.waitMs([a, b]), 25_000, 'until the first of them is tried');
  t.throws(() => lines.take([a, b]), { code: 'signalling_unavailable', publicMessage: /in 25 s/ });
  clock.advance(25_000);
  t.equal(lines.take([a, b]).way.line.key, 'a');
});

void t.test('each line keeps its own pace; one without takes the common one', async (t) => {
  const { lines } = start();
  const [slow, common] = [way({ key: 'slow', callsPerSecond: 0.5 }), way({ key: 'common' })];
  for (const one of [slow, common]) await lines.take([one]).place.pacer.turn(new AbortController().signal);
  t.equal(lines.waitMs([slow]), 2000);
  t.equal(lines.waitMs([common]), 100);
  t.equal(lines.waitMs([common, slow]), 100, 'the preferred way is waited for');
});
