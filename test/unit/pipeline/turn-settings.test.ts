import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeUtterance } from '../../support/fake-speech.js';

const STORY = 'Once upon a time there was a very small server in a very large house with many rooms';

/** An agent that has been telling its story for a second. */
async function storytelling(agent: Partial<AgentSettings>): Promise<ConversationBench> {
  const bench = new ConversationBench({ startingMessage: STORY, ...agent });
  bench.conversation.start();
  await bench.runTo(1_000);
  return bench;
}

/** When the model is asked after the caller has spoken from 1000 to 2000 ms. */
async function askedAfter(agent: Partial<AgentSettings>, utterance: FakeUtterance): Promise<number> {
  const bench = new ConversationBench(agent);
  bench.stt.utterances.push(utterance);
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  await bench.until(() => bench.llm.requests.length > 0);
  await bench.conversation.end();
  return bench.nowMs - 2_000;
}

void t.test('a welcome that is off is not said: the caller begins', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello.', welcome: { enabled: false } });
  bench.stt.utterances.push({ text: 'hello there.' });
  bench.conversation.start();
  await bench.run(1_000);
  t.equal(bench.conversation.state, 'listening');
  await bench.say(600);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: hello there.', 'agent: Echo: hello there..']);
});

void t.test('a welcome waits for its delay, and a noise meanwhile does not eat it', async (t) => {
  const welcome = { delayMs: 2_000 };
  const quiet = new ConversationBench({ startingMessage: 'Hello.', welcome });
  quiet.conversation.start();
  await quiet.until(() => quiet.tts.requests.length > 0);
  t.equal(quiet.nowMs, 2_000);

  const noisy = new ConversationBench({ startingMessage: 'Hello.', welcome });
  noisy.conversation.start();
  await noisy.runTo(500);
  await noisy.say(100);
  await noisy.until(() => noisy.turns.length > 0);
  await noisy.run(2_000);
  t.same(noisy.transcript, ['agent: Hello.'], 'once');
});

void t.test('who says "hello" before the welcome is welcomed, who asks is answered', async (t) => {
  for (const [text, answer] of [
    ['Hello?', 'agent: Welcome to us.'],
    ['are you open today?', 'agent: Echo: are you open today?.'],
  ] as const) {
    const bench = new ConversationBench({ startingMessage: 'Welcome to us.', welcome: { delayMs: 3_000 } });
    bench.stt.utterances.push({ text });
    bench.conversation.start();
    await bench.runTo(300);
    await bench.say(500);
    await bench.until(() => bench.turns.length > 0);
    await bench.run(4_000);
    t.same(bench.transcript, [`caller: ${text}`, answer]);
  }
});

void t.test('the agent stops at as many words as it was told to, no sooner', async (t) => {
  const turnTaking = { interruptAfterWords: 3 };
  const few = await storytelling({ turnTaking });
  few.stt.utterances.push({ text: 'hold on', partials: [{ afterMs: 200, text: 'hold on' }] });
  await few.say(600);
  await few.until(() => few.turns.length > 0);
  t.notOk(few.turns[0]?.interrupted);
  t.notOk(
    few.media.playout.actions.some(({ action }) => action === 'pause'),
    'ducked at most',
  );
  await few.until(() => few.llm.requests.length > 0);
  t.same(
    few.llm.requests[0]?.messages.map(({ content }) => content),
    [STORY, 'hold on'],
    'and what was said is answered afterwards',
  );

  const enough = await storytelling({ turnTaking });
  enough.stt.utterances.push({
    text: 'hold on a moment',
    partials: [
      { afterMs: 200, text: 'hold on' },
      { afterMs: 400, text: 'hold on a' },
    ],
  });
  await enough.say(900);
  await enough.until(() => enough.turns.length > 0);
  t.ok(enough.turns[0]?.interrupted);
  t.equal(enough.entries[0]?.endMs, 1_090 + 400 + 250, 'when three words had stood for 250 ms');
});

void t.test('with 0 words speech neither ducks nor stops the agent; keys do', async (t) => {
  const turnTaking = { interruptAfterWords: 0 };
  const bench = await storytelling({ turnTaking });
  bench.stt.utterances.push({ text: 'stop it please', partials: [{ afterMs: 100, text: 'stop it' }] });
  await bench.say(1_500);
  await bench.until(() => bench.llm.requests.length > 0);
  t.same(bench.media.playout.actions, []);
  t.same(bench.transcript, ['caller: stop it please', `agent: ${STORY}`]);
  t.equal(bench.llm.requests[0]?.messages.at(-1)?.content, 'stop it please');

  const keyed = await storytelling({ turnTaking, dtmfRules: { '1': { say: 'One.' } } });
  keyed.conversation.digit('1', 100);
  await keyed.until(() => keyed.turns.length === 2);
  t.ok(keyed.turns[0]?.interrupted);
});

void t.test('a welcome that may not be interrupted is heard out, and what was said over it is answered', async (t) => {
  const bench = await storytelling({ turnTaking: { uninterruptibleWelcome: true } });
  bench.stt.utterances.push({ text: 'i want a table', partials: [{ afterMs: 200, text: 'i want' }] }, { text: 'for two' });
  await bench.say(800);
  await bench.run(900);
  await bench.say(400);
  await bench.until(() => bench.llm.requests.length > 0);
  t.same(bench.media.playout.actions, []);
  t.notOk(bench.turns[0]?.interrupted);
  t.match(bench.llm.requests[0]?.messages, [{ role: 'assistant', content: STORY }, { role: 'user' }]);
  const asked = bench.llm.requests[0]?.messages.slice(1).map(({ content }) => content);
  t.equal(asked?.join(' '), 'i want a table for two');
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  bench.stt.utterances.push({ text: 'wait', partials: [{ afterMs: 100, text: 'wait' }] });
  await bench.say(900);
  await bench.until(() => bench.turns.length === 2);
  t.ok(bench.turns[1]?.interrupted, 'the answer may be interrupted again');
});

void t.test('words said over the end of the agent by a caller who goes on are answered with the rest', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Welcome to this place.', turnTaking: { interruptAfterWords: 0 } });
  bench.stt.utterances.push({ text: 'i want a table.' }, { text: 'for two.' });
  bench.conversation.start();
  await bench.runTo(50);
  await bench.say(300);
  await bench.runTo(950);
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > 0);
  const asked = bench.llm.requests[0]?.messages.slice(1).map(({ content }) => content);
  t.equal(asked?.join(' '), 'i want a table. for two.');
  t.equal(bench.llm.requests.length, 1);
});

void t.test('the waits for the end of a turn keep their proportion to the one that is set', async (t) => {
  for (const [text, endOfUtteranceMs, delayMs] of [
    ['what time is it', 1_200, 1_200],
    ['What time is it?', 1_200, 700],
    ['what time is it and', 1_000, 2_500],
    ['what time is it and', 4_000, 4_000],
    ['What time is it?', 10_000, 5_833],
  ] as const) {
    const delay = await askedAfter({ turnTaking: { endOfUtteranceMs } }, { text, partials: [{ afterMs: 500, text }] });
    t.ok(Math.abs(delay - delayMs) <= 1, `${text} at ${endOfUtteranceMs}: ${delay}`);
  }
});

void t.test('the words into a silence and the silence that ends the call are the agent’s', async (t) => {
  const bench = new ConversationBench({
    turnTaking: { idleMessage: 'Hello?', idleMessageAfterMs: 3_000, idleEndAfterMs: 8_000 },
  });
  bench.conversation.start();
  await bench.until(() => bench.turns.length === 1);
  t.equal(bench.tts.requests[0]?.atMs, 3_000);
  const saidMs = bench.nowMs;
  await bench.until(() => bench.hangups.length > 0);
  t.equal(bench.tts.requests[1]?.atMs, saidMs + 5_000, 'eight seconds of silence in all');
  t.same(bench.transcript, ['agent: Hello?', `agent: ${PHRASES.silenceGoodbye}`]);
  t.equal(bench.hangups[0]?.reason, 'silence');
});

void t.test('who speaks after the words into the silence is asked again before the call ends', async (t) => {
  const bench = new ConversationBench({ turnTaking: { idleMessageAfterMs: 2_000, idleEndAfterMs: 4_000 } });
  bench.stt.utterances.push({ text: 'here i am.' });
  bench.conversation.start();
  await bench.until(() => bench.turns.length === 1);
  await bench.say(500);
  await bench.until(() => bench.turns.length === 3);
  t.equal(bench.transcript.at(-1), `agent: ${PHRASES.silence}`);
});

void t.test('a silence that ends the call before the words would come ends it without them', async (t) => {
  const bench = new ConversationBench({ turnTaking: { idleEndAfterMs: 5_000 } });
  bench.conversation.start();
  await bench.until(() => bench.hangups.length > 0);
  t.equal(bench.tts.requests[0]?.atMs, 5_000);
  t.same(bench.transcript, [`agent: ${PHRASES.silenceGoodbye}`]);
});

void t.test('fillers are kept from transcript and model where they are not wanted, and still waited after', async (t) => {
  const said = 'Um, I want, uh, a table er';
  for (const [transcribeFillers, text] of [
    [false, 'I want, a table'],
    [undefined, said],
  ] as const) {
    const bench = new ConversationBench({ turnTaking: transcribeFillers === undefined ? undefined : { transcribeFillers } });
    bench.stt.utterances.push({ text: said, partials: [{ afterMs: 300, text: said }] });
    bench.conversation.start();
    await bench.runTo(1_000);
    await bench.say(1_000);
    await bench.until(() => bench.llm.requests.length > 0);
    t.equal(bench.nowMs, 3_500, 'somebody who says "er" goes on');
    t.equal(bench.llm.requests[0]?.messages[0]?.content, text);
    t.equal(bench.transcript[0], `caller: ${text}`);
    const spoken = bench.live.flatMap((event) => (event.type === 'speech' && event.speaker === 'caller' ? [event.text] : []));
    t.same(new Set(spoken), new Set([text]), 'nor does who watches the call see them');
    await bench.conversation.end();
  }
});

void t.test('a filler alone is not answered where fillers are not wanted', async (t) => {
  const bench = new ConversationBench({ turnTaking: { transcribeFillers: false } });
  bench.stt.utterances.push({ text: 'Uhm' });
  bench.conversation.start();
  await bench.say(700);
  await bench.run(3_000);
  t.equal(bench.conversation.state, 'listening');
  t.same(bench.transcript, []);
});
