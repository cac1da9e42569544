import t from 'tap';
import { ExpectedLoss } from '../../../src/media/expected-loss.js';

void t.test('loss is told from report to report, remembered for a while, and forgotten in the end', async (t) => {
  const loss = new ExpectedLoss();
  const report = (packets: number, lost: number) => ({ packets, lost, jitterTicks: 0 });
  t.equal(loss.note(undefined), undefined, 'no report');
  t.equal(loss.note(report(250, 0)), undefined, 'nothing was lost: nothing to tell');
  const second = report(500, 25);
  t.equal(loss.note(second), 10, '25 of the last 250');
  t.equal(loss.note(second), undefined, 'the same report once more');
  t.equal(loss.note(report(510, 25)), undefined, 'too few packets to say');
  t.equal(loss.note(report(750, 25)), 6, 'all arrived since');
  t.equal(loss.note(report(1000, 24)), 4, 'a duplicate is no loss');
  const told = Array.from({ length: 8 }, (_, i) => loss.note(report(1250 + 250 * i, 24)));
  t.same(
    told.filter((percent) => percent !== undefined),
    [3, 2, 1, 0],
  );
});
