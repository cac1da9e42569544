import t from 'tap';
import type { ConversationDeps } from '../../../src/pipeline/conversation-deps.js';
import { ENGLISH } from '../../../src/pipeline/language/en.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeUtterance } from '../../support/fake-speech.js';

const [FIRST] = ENGLISH.holding;

/** The caller has spoken from 1000 to 2000 ms. The model answers at once. */
async function spoken(utterance: FakeUtterance, deps: Partial<ConversationDeps> = {}): Promise<ConversationBench> {
  const bench = new ConversationBench({}, { fillerAfterMs: 1_200, ...deps });
  bench.stt.utterances.push(utterance);
  bench.llm.replies.push(['It is noon.']);
  bench.tts.delayMs = 200;
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  return bench;
}

void t.test('a recogniser that is late is filled in for, and the answer follows', async (t) => {
  const bench = await spoken({ text: 'what time is it', finalAfterMs: 3_000 });
  await bench.until(() => bench.media.playout.queued() > 0);
  t.equal(bench.nowMs, 4_200, 'two seconds of silence, and what the synthesiser takes');
  await bench.until(() => bench.turns.length > 0);
  t.same(
    bench.transcript,
    ['caller: what time is it', `agent: ${FIRST}`, 'agent: It is noon.'],
    'in the order in which it was said',
  );
  t.equal(bench.turns.length, 1, 'one turn');
  t.equal(bench.turns[0]?.latency.fillerMs, 2_220);
  t.same(
    bench.llm.requests.map(({ messages }) => messages.map(({ content }) => content)),
    [['what time is it']],
    'the filler is no part of the conversation',
  );
});

void t.test('a final text that comes while the filler is being made is answered in its place', async (t) => {
  const bench = await spoken({ text: 'what time is it', finalAfterMs: 1_900 });
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.tts.requests[0]?.text, FIRST);
  t.same(bench.transcript, ['caller: what time is it', 'agent: It is noon.']);
});

void t.test('a recogniser that understands nothing, or fails, after the filler is not passed over', async (t) => {
  for (const utterance of [
    { text: '', finalAfterMs: 2_600 },
    { text: '', finalAfterMs: 2_600, error: new Error('broken') },
  ]) {
    const bench = await spoken(utterance);
    await bench.until(() => bench.turns.length > 0);
    t.equal(bench.tts.requests.length, 2);
    t.match(bench.transcript.at(-1), /^agent: .*sorry/i, utterance.error ? 'it failed' : 'nothing was understood');
  }
});

void t.test('a caller who goes on is heard to the end, filler or not', async (t) => {
  const bench = await spoken({ text: 'what time is it', finalAfterMs: 3_000 });
  bench.stt.utterances.push({ text: 'in berlin i mean', partials: [{ afterMs: 100, text: 'in berlin' }] });
  await bench.until(() => bench.media.playout.queued() > 0);
  await bench.say(900);
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.llm.requests.at(-1)?.messages.at(-1)?.content, 'what time is it in berlin i mean');
  t.equal(bench.transcript.at(-1), 'agent: It is noon.');
});

void t.test('a call that ends behind a filler has it in the record', async (t) => {
  const bench = await spoken({ text: 'what time is it', finalAfterMs: 4_500 });
  await bench.runTo(5_000);
  await bench.conversation.end();
  t.match(bench.transcript.at(-1), /^agent: /);
});

void t.test('where fillers are off, nobody is filled in for', async (t) => {
  const bench = await spoken({ text: 'what time is it', finalAfterMs: 3_000 }, { fillerAfterMs: 0 });
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: what time is it', 'agent: It is noon.']);
});
