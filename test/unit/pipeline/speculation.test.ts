import t from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeReplyStep, FakeUtterance } from '../../support/fake-speech.js';

/** A conversation whose model can write, so is none of a script; the caller speaks from 1000 to 2000 ms. */
async function speaking(utterances: FakeUtterance[], replies: FakeReplyStep[][], speculation = true): Promise<ConversationBench> {
  const bench = new ConversationBench({}, { speculation });
  Object.assign(bench.llm, { write: async () => '{}' });
  bench.stt.utterances.push(...utterances);
  bench.llm.replies.push(...replies);
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  return bench;
}

void t.test('the model begins while the end is waited for, and is not heard before it', async (t) => {
  const bench = await speaking([{ text: 'what time is it', finalAfterMs: 60 }], [[{ delayMs: 300 }, 'It is noon.']]);
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.nowMs, 2_260, 'with the final text');
  await bench.until(() => bench.tts.requests.length > 0);
  t.equal(bench.nowMs, 2_600, 'at the endpoint');
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: what time is it', 'agent: It is noon.']);
  t.equal(bench.llm.requests.length, 1, 'asked once');
  t.match(bench.turns[0]?.latency, { aheadMs: 260, endpointMs: 600, firstTextMs: 600 });
});

void t.test('a guess that the final text bears out but for its marks is used', async (t) => {
  const partials = [{ afterMs: 800, text: 'what time is it' }];
  const bench = await speaking([{ text: 'What time is it?', finalAfterMs: 250, partials }], [['It is noon.']]);
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.llm.requests.length, 1);
  t.equal(bench.turns[0]?.latency.aheadMs, 200);
});

void t.test('another final text is another try, of which there are two', async (t) => {
  const guess = (text: string, said: string): FakeUtterance => ({
    text,
    finalAfterMs: 100,
    partials: [{ afterMs: 400, text: said }],
  });
  const bench = await speaking(
    [guess('i would like a table and', 'i would like a cable'), guess('a chair', 'a share')],
    [['One.'], ['Two.'], ['Three.']],
  );
  await bench.runTo(2_400);
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  t.ok(
    bench.llm.requests.slice(0, -1).every(({ signal }) => signal.aborted),
    'nobody pays for what is not used any longer than needed',
  );
  t.ok(bench.llm.requests.length <= 3, 'two tries and the answer itself');
  t.equal(bench.llm.requests.at(-1)?.messages.at(-1)?.content, 'i would like a table and a chair');
  t.equal(bench.transcript.filter((line) => line.startsWith('agent')).length, 1);
});

void t.test('no tool runs before the end, and none of an answer that is not used', async (t) => {
  const runs: number[] = [];
  const toolbox = {
    definitions: async () => [{ name: 'book', description: 'book', parameters: {} }],
    announcement: () => ({ text: undefined, first: false }),
    run: async () => {
      runs.push(acting.nowMs);
      return { content: '{}' };
    },
  };
  const acting = new ConversationBench({}, { speculation: true, toolbox });
  Object.assign(acting.llm, { write: async () => '{}' });
  acting.stt.utterances.push({ text: 'book it' });
  acting.llm.replies.push([{ tool: 'book' }], ['Done.']);
  acting.conversation.start();
  await acting.say(1_000);
  await acting.until(() => acting.turns.length > 0);
  t.same(runs, [1_600], 'at the endpoint');
  t.equal(acting.transcript.at(-1), 'agent: Done.');
});

void t.test('keys, and a call that ends, leave nothing running', async (t) => {
  const bench = await speaking([{ text: 'what time is it' }], [[{ hang: true }]]);
  await bench.until(() => bench.llm.requests.length > 0);
  await bench.conversation.end();
  t.ok(bench.llm.requests[0]?.signal.aborted);
});

void t.test('off, the model is asked at the endpoint; so is one that has only a script', async (t) => {
  const off = await speaking([{ text: 'what time is it' }], [], false);
  await off.until(() => off.llm.requests.length > 0);
  t.equal(off.nowMs, 2_600);
  const scripted = new ConversationBench({}, { speculation: true });
  scripted.stt.utterances.push({ text: 'what time is it' });
  scripted.conversation.start();
  await scripted.say(1_000);
  await scripted.until(() => scripted.llm.requests.length > 0);
  t.equal(scripted.nowMs, 1_600);
});

void t.test('the turn tells what was begun ahead, and what of it was for nothing', async (t) => {
  const usage = { inputTokens: 100, outputTokens: 7 };
  const partials = [{ afterMs: 400, text: 'i would like a cable' }];
  const guessed = await speaking(
    [{ text: 'i would like a table', finalAfterMs: 200, partials }],
    [
      [{ usage }, 'A cable.'],
      [{ usage: { inputTokens: 110, outputTokens: 9 } }, 'A table.'],
    ],
  );
  await guessed.until(() => guessed.turns.length > 0);
  t.equal(guessed.transcript.at(-1), 'agent: A table.');
  t.same(guessed.turns[0]?.speculation, { attempts: 2, discarded: 1, ...usage });
  guessed.stt.utterances.push({ text: 'thanks' });
  await guessed.say(500);
  await guessed.until(() => guessed.turns.length > 1);
  t.equal(guessed.turns[1]?.speculation?.discarded, 0, 'each turn has its own');
  const off = await speaking([{ text: 'what time is it' }], [[{ usage }, 'Noon.']], false);
  await off.until(() => off.turns.length > 0);
  t.notOk('speculation' in (off.turns[0] ?? {}));
});

void t.test('an answer that was dropped before anybody heard it was for nothing as well', async (t) => {
  const bench = await speaking(
    [{ text: 'what time is it' }, { text: 'in berlin' }],
    [[{ usage: { inputTokens: 50, outputTokens: 1 } }, { delayMs: 3_000 }, 'Noon.'], ['One.']],
  );
  await bench.until(() => bench.conversation.state === 'thinking');
  await bench.run(200);
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  const { attempts = 0, discarded, inputTokens } = bench.turns[0]?.speculation ?? {};
  t.same([discarded, inputTokens], [1, 50]);
  t.equal(attempts, 2);
});
