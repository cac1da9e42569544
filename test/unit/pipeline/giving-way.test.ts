import t from 'tap';
import type { ChatMessage } from '../../../src/domain/ports/speech.js';
import { Conversation } from '../../../src/pipeline/conversation.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const GREETING = 'Hello, and welcome to this rather long greeting of ours.';

/** Somebody else on the same call. */
function successor(bench: ConversationBench, before: readonly ChatMessage[], startingMessage?: string): Conversation {
  return new Conversation({ ...bench.deps, agent: { ...bench.deps.agent, name: 'Second', startingMessage }, before });
}

void t.test('who gives way stops in mid-sentence, says what was said, and hears no more', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(1000);
  const said = bench.conversation.giveWay();
  bench.media.playout.flush();
  t.same(bench.transcript, ['agent: Hello, and welcome to --']);
  t.same(said, [{ role: 'assistant', content: 'Hello, and welcome to' }]);
  bench.stt.utterances.push({ text: 'are you there' });
  await bench.say(600);
  await bench.run(40_000);
  t.equal(bench.entries.length, 1);
  t.same(bench.hangups, []);
  t.equal(bench.clock.pendingTimers, 0);
});

void t.test('who comes after greets, and its model knows all that was said', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'I want ten rolls' });
  await bench.say(600);
  await bench.until(() => bench.turns.length === 1);
  const said = bench.conversation.giveWay();
  t.match(said, [{ role: 'user', content: 'I want ten rolls' }, { role: 'assistant' }]);
  const next = successor(bench, said, 'Bakery.');
  t.teardown(() => next.end());
  next.start();
  await bench.until(() => bench.turns.length === 2);
  t.equal(bench.transcript.at(-1), 'agent: Bakery.');
  bench.stt.utterances.push({ text: 'and a loaf' });
  await bench.say(600);
  await bench.until(() => bench.llm.requests.length === 2);
  t.match(bench.llm.requests.at(-1)?.messages, [
    { role: 'user', content: 'I want ten rolls' },
    { role: 'assistant' },
    { role: 'assistant', content: 'Bakery.' },
    { role: 'user', content: 'and a loaf' },
  ]);
});

void t.test('who has no greeting answers what nobody has answered, and waits where nothing is', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  const asked = successor(bench, [{ role: 'user', content: 'are you open' }]);
  t.teardown(() => asked.end());
  asked.start();
  await bench.until(() => bench.llm.requests.length === 1);
  await asked.end();
  const waiting = successor(bench, [{ role: 'assistant', content: 'One moment.' }]);
  t.teardown(() => waiting.end());
  waiting.start();
  await bench.run(2000);
  t.equal(bench.llm.requests.length, 1);
  t.equal(waiting.state, 'listening');
});

void t.test('tools of the one mean nothing to the other', async (t) => {
  const bench = new ConversationBench({}, { before: [] });
  const call = { id: 'c1', name: 'look_up', arguments: {} };
  const next = successor(bench, [
    { role: 'user', content: 'where is my parcel', heardAs: ['item_1'] },
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', toolCallId: 'c1', content: '{}' },
    { role: 'assistant', content: 'It is here.', spokenAs: ['item_2'] },
  ]);
  next.start();
  t.same(next.giveWay(), [
    { role: 'user', content: 'where is my parcel' },
    { role: 'assistant', content: 'It is here.' },
  ]);
});

void t.test('nobody gives way who says goodbye, or has a caller key in what nobody may hear', async (t) => {
  const asking = new ConversationBench();
  asking.conversation.start();
  const keyed = asking.conversation.keyIn({
    prompt: 'Your card number, please.',
    minLength: 4,
    maxLength: 16,
    firstDigitTimeoutMs: 5000,
    interDigitTimeoutMs: 3000,
    retries: 0,
    validate: 'none',
    masked: true,
  });
  t.throws(() => asking.conversation.giveWay(), { code: 'conflict' });
  t.equal(asking.conversation.state, 'listening', 'it goes on');
  await asking.conversation.end();
  t.same(await keyed, { outcome: 'interrupted' });
  t.throws(() => asking.conversation.giveWay(), { code: 'conflict' }, 'it is over');
  const leaving = new ConversationBench();
  leaving.conversation.start();
  leaving.conversation.interject({ type: 'text', text: 'Goodbye.', endCall: true }, true);
  t.throws(() => leaving.conversation.giveWay(), { code: 'conflict' });
  await leaving.until(() => leaving.hangups.length === 1);
});
