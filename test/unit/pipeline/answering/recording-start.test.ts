import t from 'tap';
import { FakeClock } from '../../../../src/core/clock.js';
import { type RecordingSign, RecordingStart } from '../../../../src/pipeline/answering/recording-start.js';

function open() {
  const clock = new FakeClock();
  const signs: { sign: RecordingSign; atMs: number }[] = [];
  const start = new RecordingStart(clock, (sign) => signs.push({ sign, atMs: clock.monotonicMs() }));
  return { clock, signs, start };
}

void t.test('a machine records right after its beep, whatever is heard then', async (t) => {
  const { clock, signs, start } = open();
  start.speechBegan();
  clock.advance(4000);
  start.speechEnded(3800);
  clock.advance(500);
  start.beep();
  start.speechBegan();
  clock.advance(1000);
  t.same(signs, [{ sign: 'beep', atMs: 4750 }]);
  t.equal(clock.pendingTimers, 0);
});

void t.test('one that does not beep records a second and a half after its last word', async (t) => {
  const { clock, signs, start } = open();
  start.speechBegan();
  clock.advance(2000);
  start.speechEnded(1800);
  clock.advance(1000);
  start.speechBegan();
  clock.advance(2000);
  start.speechEnded(4800);
  clock.advance(5000);
  t.same(signs, [{ sign: 'silence', atMs: 6300 }]);
});

void t.test('one that says nothing any more records at once, one that never stops never', async (t) => {
  const silent = open();
  silent.clock.advance(2000);
  t.same(silent.signs, [{ sign: 'silence', atMs: 1500 }]);
  const endless = open();
  endless.start.speechBegan();
  endless.clock.advance(100_000);
  t.same(endless.signs, [{ sign: 'never', atMs: 90_000 }]);
  const closed = open();
  closed.start.close();
  closed.clock.advance(100_000);
  t.same(closed.signs, []);
});
