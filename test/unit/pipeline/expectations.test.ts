import t from 'tap';
import type { Toolbox } from '../../../src/domain/ports/toolbox.js';
import { ConversationBench } from '../../support/conversation-bench.js';

/** How long the agent waits after the caller, who now speaks for half a second, has said `text`. */
async function waitAfter(bench: ConversationBench, text: string): Promise<number> {
  const asked = bench.llm.requests.length;
  bench.stt.utterances.push({ text, partials: [{ afterMs: 300, text }] });
  const endMs = bench.nowMs + 500;
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > asked);
  return bench.nowMs - endMs;
}

const answered = (bench: ConversationBench, turns: number): Promise<void> => bench.until(() => bench.turns.length >= turns);

void t.test('the answer to a question for digits is waited for, until the agent asks something else', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ expect: { kind: 'digits', count: 4 } }, 'Which number?'], ['And your name?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  t.equal(await waitAfter(bench, 'five five one two'), 250, 'all of them');
  await answered(bench, 2);
  t.equal(await waitAfter(bench, 'five five'), 1_500, 'nothing is expected any more');
});

void t.test('an expectation outlives the question whether the caller is still there', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push([{ expect: { kind: 'digits', count: 4 } }, 'Which number?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 2);
  t.equal(bench.turns[1]?.cause, 'silence');
  t.equal(await waitAfter(bench, 'five five'), 2_500);
});

void t.test('a tool, or whoever holds the conversation, says what is expected', async (t) => {
  const toolbox: Toolbox = {
    definitions: async () => [{ name: 'ask', description: 'ask', parameters: {} }],
    announcement: () => ({ text: undefined, first: false }),
    run: async () => ({ content: '{}', expect: { kind: 'email' } }),
  };
  const bench = new ConversationBench({}, { toolbox });
  bench.llm.replies.push([{ tool: 'ask' }], ['What is your address?']);
  bench.conversation.start();
  await waitAfter(bench, 'hello.');
  await answered(bench, 1);
  t.equal(await waitAfter(bench, 'it is anna'), 1_500);
  await answered(bench, 2);
  bench.conversation.expect({ kind: 'yes_no' });
  t.equal(await waitAfter(bench, 'yes'), 250);
});
