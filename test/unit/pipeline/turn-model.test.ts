import t from 'tap';
import type { TurnModel } from '../../../src/domain/ports/turn-model.js';
import { silenceAndText } from '../../../src/pipeline/endpointing.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import { wait } from '../../support/fake-speech.js';

/** How long the agent waits after `text`, said for half a second, when the model says so after `delayMs`. */
async function waited(
  text: string,
  probability: number | undefined,
  delayMs = 20,
): Promise<{ waitMs: number; bench: ConversationBench }> {
  const turnModel: TurnModel = {
    judge: async () => {
      await wait(bench.clock, delayMs);
      return probability;
    },
  };
  const bench: ConversationBench = new ConversationBench({}, { turnModel });
  bench.stt.utterances.push({ text, partials: [{ afterMs: 200, text }] });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > 0);
  const waitMs = bench.nowMs - 1_500;
  await bench.until(() => bench.turns.length > 0);
  return { waitMs, bench };
}

void t.test('where the text does not tell, the sound does', async (t) => {
  t.equal((await waited('i want a table', 0.9)).waitMs, 350);
  t.equal((await waited('i want a table', 0.1)).waitMs, 1_500);
  t.equal((await waited('i want a table', undefined)).waitMs, 600, 'no verdict');
  t.equal((await waited('i want a table', 0.9, 5_000)).waitMs, 600, 'a verdict that comes too late');
  t.equal((await waited('I want a table.', 0.1)).waitMs, 600, 'a sentence that sounds as if it went on');
  t.equal((await waited('my number is five five', 0.9)).waitMs, 1_500, 'a number is waited for, however it sounds');
});

void t.test('the verdict is written down with the turn', async (t) => {
  t.equal((await waited('i want a table', 0.9)).bench.turns[0]?.doneProbability, 0.9);
  t.notOk('doneProbability' in ((await waited('i want a table', undefined)).bench.turns[0] ?? {}));
});

void t.test('a verdict on a pause is forgotten when the caller goes on', async (t) => {
  const heard: number[] = [];
  const verdicts = [0.1, undefined];
  const turnModel: TurnModel = {
    judge: async (pcm) => {
      heard.push(pcm.length);
      return verdicts.shift();
    },
  };
  const bench = new ConversationBench({}, { turnModel });
  bench.stt.utterances.push({ text: 'i want a table' }, { text: 'by the window' });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(500);
  await bench.runTo(2_300);
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.llm.requests[0]?.messages.at(-1)?.content, 'i want a table by the window');
  t.equal(heard.length, 2, 'asked at each pause');
  t.ok((heard[1] ?? 0) - (heard[0] ?? 0) >= 1_300 * 16, 'about all of the turn');
});

void t.test('what was asked for is not the sound’s to judge', async (t) => {
  const input = { language: 'en-US', expected: new Set<string>(), doneProbability: 0 };
  t.equal(silenceAndText({ ...input, text: 'yes', expectation: { kind: 'yes_no' } }), 250);
  t.equal(silenceAndText({ ...input, doneProbability: 1, text: 'five five', expectation: { kind: 'digits', count: 4 } }), 2_500);
});
