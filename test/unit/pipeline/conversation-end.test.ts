import t, { type Test } from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';

/** After the end nothing moves any more, whatever comes. */
async function assertQuiet(t: Test, bench: ConversationBench): Promise<void> {
  const entries = bench.entries.length;
  const turns = bench.turns.length;
  t.equal(bench.conversation.state, 'ended');
  t.notOk(bench.voice.watched);
  bench.voice.tell('onset', 90);
  bench.media.emit({ type: 'digit', digit: '1', durationMs: 100, atMs: bench.nowMs });
  bench.conversation.digit('2', 100);
  bench.conversation.hold();
  bench.conversation.unhold();
  await bench.conversation.end();
  await bench.run(20_000);
  t.equal(bench.entries.length, entries, 'no entry after the end');
  t.equal(bench.turns.length, turns, 'no turn after the end');
  t.same(bench.hangups, [], 'a call that is over is not hung up');
}

void t.test('ended while the agent speaks: what was heard is recorded', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello, this is the agent speaking to you.' });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.conversation.end();
  t.same(bench.transcript, ['agent: Hello, this is the --']);
  t.equal(bench.turns.length, 1);
  t.ok(bench.turns[0]?.interrupted);
  t.ok(bench.tts.requests[0]?.signal.aborted);
  await assertQuiet(t, bench);
});

void t.test('ended while the caller speaks: the words understood so far are recorded', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: '', partials: [{ afterMs: 300, text: 'i would like' }] });
  bench.conversation.start();
  await bench.runTo(90);
  bench.voice.tell('onset', 90);
  await bench.runTo(500);
  await bench.conversation.end();
  t.same(bench.transcript, ['caller: i would like']);
  t.ok(bench.stt.streams[0]?.options.signal.aborted);
  await assertQuiet(t, bench);
});

void t.test('ended while the agent thinks: the model is stopped, and the turn shows how far it came', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'hello.' });
  bench.llm.replies.push([{ hang: true }]);
  bench.conversation.start();
  await bench.say(500);
  await bench.until(() => bench.llm.requests.length > 0);
  await bench.conversation.end();
  t.ok(bench.llm.requests[0]?.signal.aborted);
  t.same(bench.transcript, ['caller: hello.']);
  t.equal(bench.turns[0]?.latency.endpointMs, 350);
  t.equal(bench.turns[0]?.latency.firstPacketMs, undefined);
  await assertQuiet(t, bench);
});

void t.test('ended while listening, on hold, ducked, paused, or waiting for the recogniser', async (t) => {
  const listening = new ConversationBench();
  listening.conversation.start();
  await listening.run(100);

  const held = new ConversationBench({ startingMessage: 'Hello, this is the agent.' });
  held.conversation.start();
  await held.run(500);
  held.conversation.hold();

  const paused = new ConversationBench({ startingMessage: 'Hello, this is the agent.' });
  paused.conversation.start();
  await paused.runTo(500);
  paused.voice.tell('onset', 90);
  paused.voice.tell('confirmed', 90);

  const waiting = new ConversationBench();
  waiting.stt.utterances.push({ text: 'late', finalAfterMs: 600 });
  waiting.conversation.start();
  await waiting.say(500);
  await waiting.run(300);

  for (const bench of [listening, held, paused, waiting]) {
    await bench.conversation.end();
    await assertQuiet(t, bench);
  }
});

void t.test('ended before it began, or in the moment after the goodbye', async (t) => {
  const early = new ConversationBench({ startingMessage: 'Hello.' });
  await early.conversation.end();
  early.conversation.start();
  await early.run(100);
  t.same(early.entries, []);

  const late = new ConversationBench({ dtmfRules: { '0': { say: 'Bye.', endCall: true } } });
  late.conversation.start();
  late.conversation.digit('0', 100);
  await late.until(() => late.turns.length > 0);
  await late.run(50);
  await late.conversation.end();
  await assertQuiet(t, late);
  t.equal(late.transcript.length, 2);
});

void t.test('the feed tells states, words as they are understood and heard, and each turn', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'hello you.', partials: [{ afterMs: 200, text: 'hello' }] });
  bench.llm.replies.push(['One, ', 'two three four five six seven eight. ']);
  bench.conversation.start();
  await bench.say(500);
  await bench.until(() => bench.turns.length > 0);
  const told = bench.live.map((event) => {
    if (event.type === 'state') return event.state;
    if (event.type === 'speech') return `${event.speaker}${event.final ? '' : '…'} ${event.text}`;
    return event.type;
  });
  t.same(told, [
    'listening',
    'caller_speaking',
    'caller… hello',
    'caller hello you.',
    'thinking',
    'agent_speaking',
    'agent… ',
    'agent One, two three four five six seven eight.',
    'turn',
    'listening',
  ]);
});
