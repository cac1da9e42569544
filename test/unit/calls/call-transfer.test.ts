import t from 'tap';
import { CallTransfer } from '../../../src/calls/call-transfer.js';
import { FakeClock } from '../../../src/core/clock.js';
import type { Transfer } from '../../../src/domain/call.js';
import type { ReferProgress } from '../../../src/domain/ports/telephony.js';

function begin(answer: Promise<number>) {
  const clock = new FakeClock(0);
  const records: Transfer[] = [];
  const done: string[] = [];
  let tell: (progress: ReferProgress) => void = () => {};
  const transfer = new CallTransfer({
    clock,
    dialog: {
      refer: (_uri, onProgress) => {
        tell = onProgress;
        return answer;
      },
    },
    record: (record) => records.push(record),
    pause: () => done.push('pause'),
    resume: () => done.push('resume'),
    done: () => done.push('done'),
  });
  return { clock, transfer, records, done, tell: (progress: ReferProgress) => tell(progress) };
}

void t.test('a far end that reports nothing is given up on', async (t) => {
  const { clock, transfer, records, done } = begin(Promise.resolve(202));
  await transfer.start('+1', 'sip:1@x');
  clock.advance(89_999);
  t.same(done, ['pause']);
  clock.advance(1);
  t.same(done, ['pause', 'resume']);
  t.equal(records.at(-1)?.status, 'failed');
});

void t.test('a report before the answer counts, and a late one does not', async (t) => {
  let accept: (status: number) => void = () => {};
  const answer = new Promise<number>((resolve) => {
    accept = resolve;
  });
  const { transfer, done, tell, records } = begin(answer);
  const started = transfer.start('+1', 'sip:1@x');
  tell({ sipCode: 200, final: true });
  accept(202);
  await started;
  t.same(done, ['pause', 'done']);
  tell({ sipCode: 486, final: true });
  t.equal(records.at(-1)?.status, 'completed');
});

void t.test('what the end of the call cuts short changes nothing more', async (t) => {
  const { clock, transfer, done, tell, records } = begin(Promise.resolve(202));
  await transfer.start('+1', 'sip:1@x');
  transfer.close();
  tell({ sipCode: 200, final: true });
  clock.advance(1_000_000);
  t.same(done, ['pause']);
  t.equal(records.length, 1);
});
