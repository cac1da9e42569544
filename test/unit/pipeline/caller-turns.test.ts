import t from 'tap';
import type { Script } from '../../../src/domain/agent.js';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeUtterance } from '../../support/fake-speech.js';

/** A conversation in which the caller speaks from 1000 to 2000 ms, and each utterance is recognised as given. */
async function afterSpeech(...utterances: FakeUtterance[]): Promise<ConversationBench> {
  const bench = new ConversationBench();
  bench.stt.utterances.push(...utterances);
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  return bench;
}

const asked = (bench: ConversationBench, times = 1): Promise<void> => bench.until(() => bench.llm.requests.length >= times);

void t.test('the delay before the answer follows the text, exactly, from the last speech packet', async (t) => {
  for (const [text, delayMs] of [
    ['What time is it?', 350],
    ['what time is it', 600],
    ['what time is it and', 1_500],
  ] as const) {
    const bench = await afterSpeech({ text, finalAfterMs: 60, partials: [{ afterMs: 500, text }] });
    await asked(bench);
    t.equal(bench.nowMs, 2_000 + delayMs, text);
    await bench.conversation.end();
  }
});

void t.test('the recogniser finishes early, except where the policy waits for long anyway', async (t) => {
  const quick = await afterSpeech({ text: 'hello', partials: [{ afterMs: 500, text: 'hello' }] });
  await asked(quick);
  t.equal(quick.stt.streams[0]?.finishedMs, 2_200);
  const slow = await afterSpeech({ text: 'it is one two', partials: [{ afterMs: 500, text: 'it is one two' }] });
  await asked(slow);
  t.equal(slow.stt.streams[0]?.finishedMs, 3_100);
});

void t.test('a policy that would wait for ever is held to three seconds', async (t) => {
  const bench = new ConversationBench({}, { endpointing: () => 60_000 });
  bench.stt.utterances.push({ text: 'hello' });
  bench.conversation.start();
  await bench.say(500);
  await asked(bench);
  t.equal(bench.nowMs, 500 + 3_000);
});

void t.test('a recogniser slower than 700 ms is answered from its last partial', async (t) => {
  const bench = await afterSpeech({ text: 'too late', finalAfterMs: 5_000, partials: [{ afterMs: 700, text: 'where are you' }] });
  await asked(bench);
  t.ok(bench.nowMs - 2_900 <= 1, `at ${bench.nowMs}`);
  t.equal(bench.llm.requests[0]?.messages[0]?.content, 'where are you');
});

void t.test('a recogniser that tells nothing before its final is waited for, up to five seconds', async (t) => {
  const bench = await afterSpeech({ text: 'where are you', finalAfterMs: 4_900 });
  await asked(bench);
  t.equal(bench.llm.requests[0]?.messages[0]?.content, 'where are you');
  const silent = await afterSpeech({ text: 'too late', finalAfterMs: 60_000 });
  await silent.until(() => silent.tts.requests.some((request) => request.text === PHRASES.apology));
  t.equal(silent.nowMs, 2_200 + 5_000);
  t.same(silent.llm.requests, []);
});

void t.test('a caller who goes on after a pause is heard as one turn, with no audio lost or fed twice', async (t) => {
  const bench = await afterSpeech({ text: 'i would like a table' }, { text: 'for two people' });
  await bench.runTo(2_300);
  t.equal(bench.stt.streams[0]?.finishedMs, 2_200, 'the first part is final already');
  await bench.say(600);
  await asked(bench);
  t.equal(bench.llm.requests.length, 1);
  t.same(bench.llm.requests[0]?.messages, [{ role: 'user', content: 'i would like a table for two people' }]);
  t.same(bench.transcript, ['caller: i would like a table for two people']);
  const [first, second] = bench.stt.streams;
  t.equal(first?.samples, (2_200 - 500) * 16);
  t.equal(second?.samples, ((second?.finishedMs ?? 0) - 2_200) * 16, 'from where the first left off');
});

void t.test('a pause shorter than the early finish stays one utterance', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'one utterance' });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(500);
  await bench.runTo(1_690);
  bench.voice.tell('onset', 20);
  await bench.runTo(2_400);
  bench.voice.tell('ended', 180);
  await asked(bench);
  t.equal(bench.stt.streams.length, 1);
});

void t.test('a caller who goes on while the agent thinks is answered once, to all of it', async (t) => {
  const bench = await afterSpeech({ text: 'book a table' }, { text: 'for tomorrow please' });
  bench.llm.replies.push([{ delayMs: 2_000 }, 'This must never be said.']);
  await asked(bench);
  await bench.run(300);
  t.equal(bench.conversation.state, 'thinking');
  await bench.say(700);
  await asked(bench, 2);
  t.ok(bench.llm.requests[0]?.signal.aborted, 'the first request was cancelled');
  t.same(bench.llm.requests[1]?.messages, [
    { role: 'user', content: 'book a table' },
    { role: 'user', content: 'for tomorrow please' },
  ]);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: book a table', 'caller: for tomorrow please', 'agent: Echo: for tomorrow please.']);
  t.equal(bench.turns.length, 1);
});

void t.test('a cough while the agent thinks only repeats the question to the model', async (t) => {
  const bench = await afterSpeech({ text: 'book a table' }, { text: '' });
  bench.llm.replies.push([{ delayMs: 2_000 }, 'First.'], ['Second answer.']);
  await asked(bench);
  await bench.say(100);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: book a table', 'agent: Second answer.']);
});

void t.test('a cough before the greeting was audible delays it, but does not eat it', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Welcome.' });
  bench.tts.delayMs = 300;
  bench.conversation.start();
  await bench.say(100);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['agent: Welcome.']);
  t.equal(bench.turns[0]?.cause, 'greeting');
});

void t.test('speech without words is answered from the script, not by the model', async (t) => {
  const script: Script = { intents: [], fallback: 'Please ask for the opening hours.' };
  for (const [agent, words] of [
    [{ script }, 'Please ask for the opening hours.'],
    [{}, "Sorry, I didn't catch that."],
  ] as const) {
    const bench = new ConversationBench(agent);
    bench.conversation.start();
    await bench.say(800);
    await bench.until(() => bench.turns.length > 0);
    t.same(bench.transcript, ['caller: ', `agent: ${words}`]);
    t.equal(bench.llm.requests.length, 0);
    t.equal(bench.turns[0]?.cause, 'speech');
  }
});

void t.test('a noise that was no speech is not answered', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  await bench.say(100);
  await bench.run(2_000);
  t.equal(bench.conversation.state, 'listening');
  t.same(bench.entries, []);
});

void t.test('without a recogniser the agent says so once, and offers its keys', async (t) => {
  const bench = new ConversationBench({
    dtmfRules: { '1': { intent: 'opening-hours' }, '2': { say: 'Two.' }, '#': { say: 'Bye.', endCall: true } },
  });
  bench.stt.understands = false;
  bench.conversation.start();
  for (const turns of [1, 2]) {
    await bench.say(800);
    await bench.until(() => bench.turns.length === turns);
  }
  const offer = 'You can press 1 for opening hours, the pound key to end the call, or 2.';
  t.same(bench.transcript, [
    'caller: ',
    `agent: I can hear you, but I cannot understand speech on this call. ${offer}`,
    'caller: ',
    `agent: ${offer}`,
  ]);
});

void t.test('speech that never ends is answered after a minute', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'and then and then.' });
  bench.conversation.start();
  bench.voice.tell('onset', 0);
  bench.voice.tell('confirmed', 0);
  await bench.until(() => bench.llm.requests.length > 0, 62_000);
  t.ok(bench.nowMs >= 60_000 && bench.nowMs <= 61_500, `at ${bench.nowMs}`);
});

void t.test('the recogniser is told language, band and what the script expects', async (t) => {
  const script: Script = {
    intents: [{ name: 'a', phrases: ['where are you'], reply: 'Here.', endCall: false }],
    fallback: 'What?',
  };
  const bench = new ConversationBench({ script, language: 'en-GB' });
  bench.conversation.start();
  await bench.say(300);
  const options = bench.stt.streams[0]?.options;
  t.equal(options?.language, 'en-GB');
  t.equal(options?.band, 'narrow');
  t.same(options?.vocabulary, { sentences: ['where are you'] });
});

void t.test('clauses are synthesised at most two ahead of what is heard', async (t) => {
  const bench = await afterSpeech({ text: 'tell me everything.' });
  const sentences = Array.from({ length: 5 }, (_, i) => `This is the sentence number ${i} of the answer. `);
  bench.llm.replies.push(sentences);
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(5);
  t.equal(bench.tts.requests.length, 2);
  await bench.run(30);
  t.equal(bench.tts.requests.length, 3, 'the first is being heard');
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.transcript[1], `agent: ${sentences.join('').trim()}`);
});
