import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { LONGEST_WAIT_MS, Lookout } from '../../../src/core/lookout.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function start(answer: (look: number) => Promise<number>) {
  const clock = new FakeClock(0);
  const errors: unknown[] = [];
  let looks = 0;
  const lookout = new Lookout({
    clock,
    look: () => {
      looks += 1;
      return answer(looks);
    },
    onError: (error) => {
      errors.push(error);
      return 5000;
    },
  });
  return { clock, lookout, errors, looks: () => looks };
}

/** Looks that last until the test lets them end. */
function held() {
  let finish: (waitMs: number) => void = () => {};
  const s = start(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  return { ...s, finish: (waitMs: number) => finish(waitMs) };
}

void t.test('it looks when woken and when the last look asked for it, at the latest after the longest wait', async (t) => {
  const s = start(async (look) => (look === 1 ? 100 : LONGEST_WAIT_MS * 9));
  s.lookout.wake();
  await settle();
  s.clock.advance(99);
  await settle();
  t.equal(s.looks(), 1);
  s.clock.advance(1);
  await settle();
  t.equal(s.looks(), 2);
  s.clock.advance(LONGEST_WAIT_MS);
  await settle();
  t.equal(s.looks(), 3);
});

void t.test('who wakes it while it looks is looked for once more, however many they are', async (t) => {
  const s = held();
  s.lookout.wake();
  for (let i = 0; i < 5; i += 1) s.lookout.wake();
  s.finish(1000);
  await settle();
  t.equal(s.looks(), 2);
  s.finish(1000);
  await settle();
  t.equal(s.looks(), 2);
});

void t.test('a look that fails is told of, and tried again', async (t) => {
  const s = start((look) => (look === 1 ? Promise.reject(new Error('locked')) : Promise.resolve(1000)));
  s.lookout.wake();
  await settle();
  t.match(s.errors, [{ message: 'locked' }]);
  s.clock.advance(5000);
  await settle();
  t.equal(s.looks(), 2);
});

void t.test('closing waits for the look under way, and there is none after it', async (t) => {
  const s = held();
  s.lookout.wake();
  let closed = false;
  const closing = s.lookout.close().then(() => {
    closed = true;
  });
  await settle();
  t.equal(closed, false);
  s.finish(0);
  await closing;
  s.lookout.wake();
  s.clock.advance(LONGEST_WAIT_MS);
  await settle();
  t.equal(s.looks(), 1);
});
