import t from 'tap';
import { askToRefer } from '../../../src/calls/transfer/refer-attempt.js';
import { FakeClock } from '../../../src/core/clock.js';
import type { ReferProgress } from '../../../src/domain/ports/telephony.js';

function begin(answer: Promise<number>) {
  const clock = new FakeClock(0);
  const heard: number[] = [];
  let tell: (progress: ReferProgress) => void = () => {};
  const dialog = {
    refer: (_uri: string, onProgress: (progress: ReferProgress) => void): Promise<number> => {
      tell = onProgress;
      return answer;
    },
  };
  const asked = askToRefer('sip:1@x', { clock, dialog }, (sipCode) => heard.push(sipCode));
  return { clock, asked, heard, tell: (progress: ReferProgress) => tell(progress) };
}

void t.test('a far end that reports nothing is given up on', async (t) => {
  const { clock, asked } = begin(Promise.resolve(202));
  const answer = await asked;
  if (!answer.willTry) throw new Error('refused');
  let over = false;
  const outcome = answer.outcome.finally(() => {
    over = true;
  });
  clock.advance(89_999);
  await new Promise(setImmediate);
  t.notOk(over);
  clock.advance(1);
  t.same(await outcome, { sipCode: undefined, succeeded: false });
});

void t.test('a report before the answer counts, and a late one does not', async (t) => {
  let accept: (status: number) => void = () => {};
  const { clock, asked, heard, tell } = begin(
    new Promise((resolve) => {
      accept = resolve;
    }),
  );
  tell({ sipCode: 180, final: false });
  tell({ sipCode: 200, final: true });
  accept(202);
  const answer = await asked;
  tell({ sipCode: 486, final: true });
  t.same(answer.willTry && (await answer.outcome), { sipCode: 200, succeeded: true });
  t.same(heard, [180, 200, 486]);
  t.equal(clock.pendingTimers, 0);
});

void t.test('a far end that will not, or cannot be asked, says so', async (t) => {
  t.same(await begin(Promise.resolve(603)).asked, { willTry: false, sipCode: 603 });
  t.same(await begin(Promise.reject(new Error('gone'))).asked, { willTry: false, sipCode: undefined });
  t.same(await askToRefer('sip:1@x', { clock: new FakeClock(0), dialog: undefined }, () => {}), {
    willTry: false,
    sipCode: undefined,
  });
});
