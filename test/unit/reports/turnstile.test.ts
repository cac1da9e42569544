import t from 'tap';
import { Turnstile } from '../../../src/reports/turnstile.js';

t.test('so many at once, the rest in order, and what finds no room is turned away', async (t) => {
  const turnstile = new Turnstile({ parallel: 2, waiting: 2 });
  const finish: (() => void)[] = [];
  const began: number[] = [];
  const work = (name: number) => (): Promise<number> => {
    began.push(name);
    return new Promise((resolve) => finish.push(() => resolve(name)));
  };
  const results = [1, 2, 3, 4].map((name) => turnstile.run(work(name)));
  t.equal(turnstile.run(work(5)), undefined);
  t.same(began, [1, 2]);
  finish[1]?.();
  t.equal(await results[1], 2);
  await new Promise(setImmediate);
  t.same(began, [1, 2, 3]);
  const late = turnstile.run(work(6));
  t.ok(late, 'room again');
  for (const next of [0, 2]) finish[next]?.();
  await new Promise(setImmediate);
  t.same(began, [1, 2, 3, 4, 6]);
  for (const next of [3, 4]) finish[next]?.();
  t.same(await Promise.all([...results, late]), [1, 2, 3, 4, 6]);
});

t.test('work that fails gives its place back', async (t) => {
  const turnstile = new Turnstile({ parallel: 1, waiting: 0 });
  await t.rejects(turnstile.run(() => Promise.reject(new Error('broken'))) ?? Promise.resolve(), /broken/);
  t.equal(await turnstile.run(async () => 'done'), 'done');
});
