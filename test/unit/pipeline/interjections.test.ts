import t from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';

const GREETING = 'Hello, and welcome to this rather long greeting of ours.';
const text = (words: string) => ({ type: 'text', text: words, endCall: false }) as const;
/** Audio of a whole number of milliseconds. */
const audio = (ms: number, words: string) => ({ type: 'audio', text: words, pcm: new Int16Array(ms * 8), rateHz: 8000 }) as const;

void t.test('words come at once when nobody speaks, stand in the transcript, and the model knows of them', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  await bench.runTo(1000);
  t.equal(bench.conversation.interject(text('One moment please.'), false), 'now');
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['agent: One moment please.']);
  t.match(bench.turns[0], { cause: 'operator', originMs: 1000, interrupted: false });
  bench.stt.utterances.push({ text: 'thank you' });
  await bench.say(600);
  await bench.until(() => bench.llm.requests.length === 1);
  t.match(bench.llm.requests[0]?.messages, [{ role: 'assistant', content: 'One moment please.' }, { role: 'user' }]);
});

void t.test('while the agent speaks, words wait for its end, in their order', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(500);
  t.equal(bench.conversation.interject(text('First.'), false), 'waiting');
  t.equal(bench.conversation.interject(audio(400, 'Second.'), false), 'waiting');
  await bench.until(() => bench.turns.length === 3);
  t.same(bench.transcript, [`agent: ${GREETING}`, 'agent: First.', 'agent: Second.']);
});

void t.test('with interrupt the agent stops in mid-sentence, and what waits comes after', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(1000);
  bench.conversation.interject(text('Later.'), false);
  t.equal(bench.conversation.interject(text('Stop.'), true), 'now');
  await bench.until(() => bench.turns.length === 3);
  t.same(bench.transcript, ['agent: Hello, and welcome to --', 'agent: Stop.', 'agent: Later.']);
});

void t.test('while the caller speaks, words wait until the caller was answered', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.stt.utterances.push({ text: 'what time is it' });
  bench.llm.replies.push(['Noon.']);
  const speaking = bench.say(800);
  await bench.runTo(300);
  t.equal(bench.conversation.interject(text('By the way.'), false), 'waiting');
  await speaking;
  await bench.until(() => bench.turns.length === 2);
  t.same(bench.transcript, ['caller: what time is it', 'agent: Noon.', 'agent: By the way.']);
});

void t.test('words that the caller spoke over before they were heard are said later, not lost', async (t) => {
  const bench = new ConversationBench();
  bench.tts.delayMs = 300;
  bench.llm.replies.push(['Yes.']);
  bench.stt.utterances.push({ text: 'are you there' });
  bench.conversation.start();
  await bench.runTo(1000);
  const speaking = bench.say(700);
  await bench.runTo(1020);
  t.equal(bench.conversation.interject(text('Hold the line.'), false), 'now');
  await speaking;
  await bench.until(() => bench.turns.length === 2);
  t.same(bench.transcript, ['caller: are you there', 'agent: Yes.', 'agent: Hold the line.']);
});

void t.test('audio is written a second at a time, and an interruption cuts it where it is', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.conversation.interject(audio(10_000, 'one two three four five six seven eight nine ten'), false);
  await bench.runTo(20);
  t.ok(bench.media.playout.queued() <= 3 * 16_000, 'no more than three seconds ahead');
  bench.stt.utterances.push({ text: 'stop that now' });
  await bench.runTo(3500);
  await bench.say(900);
  await bench.until(() => bench.turns.length > 0);
  const [entry] = bench.entries.filter(({ speaker }) => speaker === 'agent');
  t.match(entry, { text: 'one two three four five six seven eight nine ten', interrupted: true });
  t.match(entry?.heardText, /^one two three( four)?$/, 'in proportion to what was sent');
});

void t.test('audio plays to its end', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.conversation.interject(audio(3300, '[audio]'), false);
  await bench.until(() => bench.turns.length === 1);
  t.equal(bench.media.playout.position(), 3300 * 16);
  t.match(bench.entries, [{ text: '[audio]', heardText: '[audio]', interrupted: false }]);
});

void t.test('nothing is taken before the start, during a goodbye and after the end, nor more than five at a time', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING, dtmfRules: { '#': { say: 'So long.', endCall: true } } });
  const refused = { code: 'conflict' };
  t.throws(() => bench.conversation.interject(text('Early.'), false), refused);
  bench.conversation.start();
  for (let i = 0; i < 5; i += 1) bench.conversation.interject(text(`${i}`), false);
  t.throws(() => bench.conversation.interject(text('Too much.'), false), refused);
  bench.media.emit({ type: 'digit', digit: '#', durationMs: 100, atMs: bench.nowMs });
  t.throws(() => bench.conversation.interject(text('Late.'), true), refused);
  await bench.until(() => bench.hangups.length === 1);
  await bench.conversation.end();
  t.throws(() => bench.conversation.interject(text('Too late.'), true), refused);
});

void t.test('on hold, words wait for the caller to come back', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  bench.conversation.hold();
  bench.conversation.interject(text('Welcome back.'), false);
  await bench.run(3000);
  t.same(bench.transcript, []);
  bench.conversation.unhold();
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['agent: Welcome back.']);
});
