import t from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';

const ANSWER = 'Certainly, a table it shall be, and for which day would you like to have it?';

/** A caller who was answered at the first pause, and goes on when this much of the answer was heard. */
async function cutShort(heardMs: number): Promise<ConversationBench> {
  const bench = new ConversationBench();
  bench.stt.utterances.push(
    { text: 'i would like a table' },
    { text: 'for two people', partials: [{ afterMs: 100, text: 'for two' }] },
  );
  bench.llm.replies.push([ANSWER], ['For two, then.']);
  bench.conversation.start();
  await bench.say(1_000);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(heardMs);
  await bench.say(800);
  await bench.until(() => bench.llm.requests.length === 2);
  return bench;
}

void t.test('a caller who goes on right after being answered is answered again, to one sentence', async (t) => {
  const bench = await cutShort(300);
  t.same(bench.llm.requests[1]?.messages, [
    {
      role: 'user',
      content: 'i would like a table for two people',
      utterances: ['i would like a table', 'for two people'],
    },
  ]);
  await bench.until(() => bench.turns.length === 2);
  t.same(bench.transcript, [
    'caller: i would like a table',
    'agent: Certainly, --',
    'caller: for two people',
    'agent: For two, then.',
  ]);
  t.same(
    bench.turns.map(({ interrupted }) => interrupted),
    [true, false],
  );
});

void t.test('a caller who has heard a second of the answer replies to it', async (t) => {
  const bench = await cutShort(1_200);
  t.match(bench.llm.requests[1]?.messages, [
    { role: 'user', content: 'i would like a table' },
    { role: 'assistant', content: /^Certainly, a table/ },
    { role: 'user', content: 'for two people' },
  ]);
});

void t.test('words into the greeting are no second half of anything', async (t) => {
  const bench = new ConversationBench({ startingMessage: ANSWER });
  bench.stt.utterances.push({ text: 'hold on please', partials: [{ afterMs: 100, text: 'hold on' }] });
  bench.conversation.start();
  await bench.run(200);
  await bench.say(800);
  await bench.until(() => bench.llm.requests.length === 1);
  t.match(bench.llm.requests[0]?.messages, [{ role: 'assistant' }, { role: 'user', content: 'hold on please' }]);
});

void t.test('a caller who was cut short is given more time from then on', async (t) => {
  const bench = await cutShort(100);
  await bench.until(() => bench.turns.length === 2);
  const asked = bench.llm.requests.length;
  bench.stt.utterances.push({ text: 'that is right' });
  const endMs = bench.nowMs + 500;
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > asked);
  t.equal(bench.nowMs - endMs, 900, 'half as much again');
});
