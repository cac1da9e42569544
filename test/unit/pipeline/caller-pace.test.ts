import t from 'tap';
import { CallerPace } from '../../../src/pipeline/caller-pace.js';
import { ConversationBench } from '../../support/conversation-bench.js';

void t.test('waits follow how long this caller pauses, by no more than half', async (t) => {
  const pace = new CallerPace();
  t.same(
    [350, 600, 1_500].map((ms) => pace.wait(ms)),
    [350, 600, 1_500],
    'nothing known yet',
  );
  pace.paused(400);
  t.same(
    [350, 600, 1_500].map((ms) => pace.wait(ms)),
    [500, 600, 1_500],
    'a quarter more than the pause',
  );
  pace.paused(1_400);
  t.same(
    [350, 600, 1_500].map((ms) => pace.wait(ms)),
    [525, 900, 1_500],
    'bounded',
  );
  for (let turn = 0; turn < 12; turn += 1) pace.turnEnded();
  t.same(
    [350, 600].map((ms) => pace.wait(ms)),
    [350, 600],
    'forgotten after turns without a pause',
  );
});

void t.test('no wait is longer than three seconds, or than the one that is set', async (t) => {
  const pace = new CallerPace();
  pace.paused(2_900);
  t.equal(pace.wait(2_500), 3_000);
  const slow = new CallerPace(6_000);
  t.equal(slow.wait(1_500), 6_000);
  slow.paused(10_000);
  t.equal(slow.wait(600), 6_000, 'such a silence is no pause in a sentence');
});

void t.test('a caller who was answered too soon is given more time in the same call', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ delayMs: 3_000 }, 'Too soon.'], ['All right.']);
  bench.stt.utterances.push({ text: 'i would like a table' }, { text: 'for two' }, { text: 'and a room' });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  await bench.runTo(2_640);
  await bench.say(500);
  await bench.until(() => bench.turns.length === 1);
  const beginMs = bench.nowMs;
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length === 3);
  t.equal(bench.nowMs - beginMs - 500, 825, 'a quarter more than their pause of 660 ms');
});
