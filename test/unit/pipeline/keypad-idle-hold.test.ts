import t from 'tap';
import type { Script } from '../../../src/domain/agent.js';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const script: Script = {
  intents: [{ name: 'hours', phrases: ['when are you open', 'opening hours'], reply: 'Always.', endCall: false }],
  fallback: 'What?',
};
const dtmfRules = {
  '1': { intent: 'hours' },
  '2': { say: 'You pressed two.' },
  '#': { say: 'So long.', endCall: true },
  '0': { endCall: true },
};
const GREETING = 'Hello, and welcome to this rather long greeting of ours.';

function press(bench: ConversationBench, digit: string): void {
  bench.media.emit({ type: 'digit', digit, durationMs: 100, atMs: bench.nowMs });
}

void t.test('a key with words barges in at once and speaks them', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING, dtmfRules });
  bench.conversation.start();
  await bench.runTo(1_000);
  press(bench, '2');
  t.equal(bench.media.playout.queued(), 0, 'flushed');
  await bench.until(() => bench.turns.length === 2);
  t.same(bench.transcript, ['caller: [digit 2]', 'agent: Hello, and welcome to --', 'agent: You pressed two.']);
  t.same(
    bench.turns.map(({ cause, interrupted, originMs }) => ({ cause, interrupted, originMs })),
    [
      { cause: 'greeting', interrupted: true, originMs: 0 },
      { cause: 'digit', interrupted: false, originMs: 1_000 },
    ],
  );
  t.equal(bench.turns[1]?.latency.firstPacketMs, 20);
  t.same(bench.entries[0]?.startMs, 1_000);
  t.same(bench.entries[0]?.endMs, 1_100);
});

void t.test('a key with an intent is answered as if the caller had said its first phrase', async (t) => {
  const bench = new ConversationBench({ script, dtmfRules });
  bench.conversation.start();
  await bench.runTo(500);
  press(bench, '1');
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.llm.requests[0]?.messages, [{ role: 'user', content: 'when are you open' }]);
  t.equal(bench.turns[0]?.cause, 'digit');
});

void t.test('a key that ends the call lets its words finish', async (t) => {
  for (const [digit, words] of [
    ['#', 'So long.'],
    ['0', PHRASES.goodbye],
  ] as const) {
    const bench = new ConversationBench({ dtmfRules });
    bench.conversation.start();
    press(bench, digit);
    await bench.until(() => bench.hangups.length > 0);
    t.equal(bench.transcript.at(-1), `agent: ${words}`);
    t.equal(bench.hangups[0]?.reason, 'goodbye');
  }
});

void t.test('keys without a rule are collected and given to the model', async (t) => {
  for (const [keys, hash] of [
    ['4711', false],
    ['33', true],
  ] as const) {
    const bench = new ConversationBench({ dtmfRules: { '1': { say: 'One.' } } });
    bench.conversation.start();
    for (const key of keys) {
      press(bench, key);
      await bench.run(1_000);
    }
    if (hash) press(bench, '#');
    await bench.until(() => bench.llm.requests.length > 0);
    t.equal(bench.llm.requests[0]?.messages[0]?.content, `[digits ${keys}]`);
    t.equal(bench.nowMs, keys.length * 1_000 + (hash ? 0 : 2_000), 'three seconds after the last key, or at once');
  }
});

void t.test('one press reported both ways counts once, two presses twice', async (t) => {
  const bench = new ConversationBench({ dtmfRules });
  bench.conversation.start();
  for (const _ of [1, 2]) {
    press(bench, '2');
    await bench.run(50);
    bench.conversation.digit('2', 100);
    await bench.run(150);
  }
  t.equal(bench.entries.filter((entry) => entry.text === '[digit 2]').length, 2);
  await bench.conversation.end();
});

void t.test('a key by INFO alone works', async (t) => {
  const bench = new ConversationBench({ dtmfRules });
  bench.conversation.start();
  bench.conversation.digit('2', 160);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: [digit 2]', 'agent: You pressed two.']);
});

void t.test('a key pressed while the caller speaks or the agent thinks goes before both', async (t) => {
  const speaking = new ConversationBench({ dtmfRules });
  speaking.stt.utterances.push({ text: 'never final', partials: [{ afterMs: 200, text: 'i would' }] });
  speaking.conversation.start();
  await speaking.runTo(90);
  speaking.voice.tell('onset', 90);
  await speaking.runTo(500);
  press(speaking, '2');
  await speaking.until(() => speaking.turns.length > 0);
  t.ok(speaking.stt.streams[0]?.options.signal.aborted);
  t.same(speaking.transcript, ['caller: i would', 'caller: [digit 2]', 'agent: You pressed two.']);

  const thinking = new ConversationBench({ dtmfRules });
  thinking.stt.utterances.push({ text: 'hello.' });
  thinking.llm.replies.push([{ hang: true }]);
  thinking.conversation.start();
  await thinking.say(500);
  await thinking.until(() => thinking.llm.requests.length > 0);
  press(thinking, '2');
  await thinking.until(() => thinking.turns.length > 0);
  t.ok(thinking.llm.requests[0]?.signal.aborted);
  t.same(thinking.transcript, ['caller: hello.', 'caller: [digit 2]', 'agent: You pressed two.']);
});

void t.test('a caller who keeps silent is asked after 8 s, and let go after 8 more', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello.' });
  bench.conversation.start();
  await bench.until(() => bench.turns.length === 1);
  const greetedMs = bench.nowMs;
  await bench.until(() => bench.tts.requests.length === 2);
  t.equal(bench.nowMs, greetedMs + 8_000);
  await bench.until(() => bench.turns.length === 2);
  const askedMs = bench.nowMs;
  await bench.until(() => bench.tts.requests.length === 3);
  t.equal(bench.nowMs, askedMs + 8_000);
  await bench.until(() => bench.hangups.length > 0);
  t.same(bench.transcript, ['agent: Hello.', `agent: ${PHRASES.silence}`, `agent: ${PHRASES.silenceGoodbye}`]);
  t.same(
    bench.turns.map(({ cause }) => cause),
    ['greeting', 'silence', 'silence'],
  );
});

void t.test('a noise interrupts the count of silence, speech begins it anew', async (t) => {
  const noise = new ConversationBench();
  noise.conversation.start();
  await noise.runTo(5_000);
  await noise.say(100);
  await noise.until(() => noise.tts.requests.length > 0);
  t.ok(noise.nowMs > 8_000 && noise.nowMs < 9_500, `asked at ${noise.nowMs}`);

  const speech = new ConversationBench();
  speech.stt.utterances.push({ text: 'hello.' });
  speech.conversation.start();
  await speech.runTo(7_000);
  await speech.say(500);
  await speech.until(() => speech.turns.length === 1);
  const answeredMs = speech.nowMs;
  await speech.until(() => speech.tts.requests.length === 2);
  t.equal(speech.nowMs, answeredMs + 8_000);
});

void t.test('on hold the agent stops in mid-sentence and no time passes; it goes on at the same sample', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(1_000);
  bench.conversation.hold();
  const position = bench.media.playout.position();
  await bench.run(500);
  bench.voice.tell('onset', 90);
  bench.voice.tell('confirmed', 180);
  await bench.run(500);
  bench.voice.tell('ended', 180);
  await bench.run(30_000);
  t.equal(bench.media.playout.position(), position);
  t.equal(bench.stt.streams.length, 0, 'what the far end plays meanwhile is not heard');
  bench.conversation.unhold();
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, [`agent: ${GREETING}`]);
  const spokenMs = GREETING.length * 50;
  t.equal(bench.nowMs, 32_000 + spokenMs - 1_000);
  await bench.run(7_900);
  t.equal(bench.conversation.state, 'listening');
  await bench.conversation.end();
});

void t.test('hold stops the count of silence, and it goes on where it was', async (t) => {
  const bench = new ConversationBench();
  bench.conversation.start();
  await bench.runTo(5_000);
  bench.conversation.hold();
  await bench.run(60_000);
  bench.conversation.unhold();
  await bench.until(() => bench.tts.requests.length > 0);
  t.equal(bench.nowMs, 68_000);
});

void t.test('a caller put on hold in mid-sentence is answered when the call comes back', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'when are you open' });
  bench.conversation.start();
  await bench.runTo(90);
  bench.voice.tell('onset', 90);
  await bench.runTo(500);
  bench.conversation.hold();
  await bench.run(160);
  bench.voice.tell('ended', 160);
  await bench.run(5_000);
  t.equal(bench.llm.requests.length, 0);
  bench.conversation.unhold();
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.llm.requests[0]?.messages[0]?.content, 'when are you open');
});

void t.test('an agent paused for a caller who then holds the call is heard again afterwards', async (t) => {
  const bench = new ConversationBench({ startingMessage: GREETING });
  bench.conversation.start();
  await bench.runTo(590);
  bench.voice.tell('onset', 90);
  await bench.runTo(680);
  bench.voice.tell('confirmed', 180);
  bench.conversation.hold();
  await bench.run(300);
  bench.voice.tell('ended', 160);
  await bench.run(3_000);
  t.ok(bench.media.playout.paused);
  bench.conversation.unhold();
  t.notOk(bench.media.playout.paused);
  t.equal(bench.media.playout.gainDb, 0);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, [`agent: ${GREETING}`]);
});
