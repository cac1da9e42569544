import t from 'tap';
import { ConversationBench } from '../../support/conversation-bench.js';

void t.test('the greeting is spoken, recorded and counted as a turn of its own', async (t) => {
  const bench = new ConversationBench({ startingMessage: 'Hello there.' });
  bench.conversation.start();
  await bench.until(() => bench.turns.length > 0);
  t.equal(bench.nowMs, 600, 'twelve characters of 50 ms, the first packet at 20 ms');
  t.same(bench.entries, [
    { speaker: 'agent', text: 'Hello there.', heardText: 'Hello there.', interrupted: false, startMs: 20, endMs: 600 },
  ]);
  t.same(bench.turns[0], {
    cause: 'greeting',
    originMs: 0,
    latency: { firstClauseMs: 0, firstAudioMs: 0, firstPacketMs: 20 },
    providers: { tts: 'fake-tts' },
    interrupted: false,
  });
  t.equal(bench.conversation.state, 'listening');
});

void t.test('placeholders that are left are filled when they are said, by what is known by then', async (t) => {
  let order: number | undefined;
  const agent = { dtmfRules: { '1': { say: 'Your order {{order}} {{nonsense}}is here.' } } };
  const bench = new ConversationBench(agent, { variables: () => (order === undefined ? {} : { order }) });
  bench.stt.utterances.push({ text: 'which order', finalAfterMs: 100 });
  bench.llm.replies.push(['It is {{order}}.']);
  bench.conversation.start();
  bench.conversation.digit('1', 100);
  await bench.until(() => bench.turns.length === 1);
  order = 12;
  bench.conversation.digit('1', 100);
  await bench.until(() => bench.turns.length === 2);
  await bench.say(1_000);
  await bench.until(() => bench.turns.length === 3);
  t.same(
    bench.entries.filter(({ speaker }) => speaker === 'agent').map(({ text }) => text),
    ['Your order  is here.', 'Your order 12 is here.', 'It is 12.'],
  );
});

void t.test('a full turn: heard, understood, answered, with every stage of the waterfall exact', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'what time is it', finalAfterMs: 100 });
  bench.llm.replies.push([{ delayMs: 200 }, 'It is noon. ', 'Anything else?']);
  bench.tts.delayMs = 120;
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(1_000);
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.transcript, ['caller: what time is it', 'agent: It is noon. Anything else?']);
  const latency = bench.turns[0]?.latency;
  t.same(latency, {
    vadEndMs: 180,
    sttFinalMs: 300,
    endpointMs: 600,
    firstTextMs: 800,
    firstClauseMs: 800,
    firstAudioMs: 920,
    firstPacketMs: 940,
  });
  t.equal(bench.turns[0]?.cause, 'speech');
  t.equal(bench.turns[0]?.originMs, 2_000);
  t.same(bench.llm.requests[0]?.messages, [{ role: 'user', content: 'what time is it' }]);
});
