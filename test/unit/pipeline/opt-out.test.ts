import t from 'tap';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const CONFIRMED = `${PHRASES.optedOut} ${PHRASES.goodbye}`;
const STORY = 'Hello, and welcome to this rather long greeting of ours, which goes on and on for quite a while.';

async function heard(bench: ConversationBench, text: string): Promise<void> {
  bench.stt.utterances.push({ text });
  bench.conversation.start();
  await bench.say(900);
}

void t.test(
  'who asks not to be called again is told that it is so, whatever model the agent has, and the call ends',
  async (t) => {
    const bench = new ConversationBench();
    bench.llm.replies.push(['But we have such nice offers!']);
    await heard(bench, 'Please stop calling me.');
    await bench.until(() => bench.hangups.length > 0);
    t.same(bench.optOuts, ['caller_voice']);
    t.same(bench.transcript, ['caller: Please stop calling me.', `agent: ${CONFIRMED}`]);
    t.equal(bench.hangups[0]?.reason, 'goodbye');
    t.equal(bench.llm.requests.length, 0, 'the model was not asked');
    t.ok((bench.turns[0]?.latency.firstPacketMs ?? 0) > 0, 'it is a turn like others');
  },
);

void t.test('the opposite is the model to answer', async (t) => {
  const bench = new ConversationBench();
  bench.llm.replies.push(['Gladly.']);
  await heard(bench, "Please don't stop calling me.");
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.optOuts, []);
  t.same(bench.transcript, ["caller: Please don't stop calling me.", 'agent: Gladly.']);
  await bench.conversation.end();
});

void t.test('an agent may confirm in its own words and go on; its model then knows what was said', async (t) => {
  const doNotCall = { phrases: ['nie wieder anrufen'], say: 'Ist notiert. Noch etwas?', endCall: false };
  const bench = new ConversationBench({ doNotCall });
  bench.llm.replies.push(['Bitte.']);
  await heard(bench, 'Bitte nie wieder anrufen!');
  await bench.until(() => bench.turns.length > 0);
  t.same(bench.hangups, []);
  bench.stt.utterances.push({ text: 'Danke.' });
  await bench.say(900);
  await bench.until(() => bench.turns.length > 1);
  t.same(bench.llm.requests[0]?.messages, [
    { role: 'user', content: 'Bitte nie wieder anrufen!' },
    { role: 'assistant', content: 'Ist notiert. Noch etwas?' },
    { role: 'user', content: 'Danke.' },
  ]);
  t.same(bench.optOuts, ['caller_voice']);
  await bench.conversation.end();
});

void t.test('said into the agent it stops the agent', async (t) => {
  const bench = new ConversationBench({ startingMessage: STORY });
  bench.stt.utterances.push({ text: 'stop calling me', partials: [{ afterMs: 300, text: 'stop calling' }] });
  bench.conversation.start();
  await bench.runTo(1_000);
  await bench.say(900);
  await bench.until(() => bench.hangups.length > 0);
  t.same(bench.optOuts, ['caller_voice']);
  t.equal(bench.transcript.at(-1), `agent: ${CONFIRMED}`);
  t.ok(bench.entries.find((entry) => entry.text === STORY)?.interrupted);
});

void t.test('who says it and hangs up before the end of the sentence has said it', async (t) => {
  const bench = new ConversationBench();
  bench.stt.utterances.push({ text: 'never final', partials: [{ afterMs: 200, text: "don't call me again" }] });
  bench.conversation.start();
  await bench.runTo(90);
  bench.voice.tell('onset', 90);
  await bench.runTo(600);
  await bench.conversation.end();
  t.same(bench.optOuts, ['caller_voice']);
  t.same(bench.transcript, ["caller: don't call me again"]);
});

void t.test('a key does it too, with its own words or those of the agent', async (t) => {
  for (const [rule, words, ends] of [
    [{ action: 'do_not_call' }, CONFIRMED, true],
    [{ action: 'do_not_call', say: 'Gone.', endCall: true }, 'Gone.', true],
    [{ action: 'do_not_call', endCall: false }, PHRASES.optedOut, false],
  ] as const) {
    const bench = new ConversationBench({ startingMessage: STORY, dtmfRules: { '9': rule } });
    bench.conversation.start();
    await bench.runTo(1_000);
    bench.media.emit({ type: 'digit', digit: '9', durationMs: 100, atMs: bench.nowMs });
    await bench.until(() => bench.turns.length === 2);
    await bench.run(200);
    t.same(bench.optOuts, ['caller_dtmf']);
    t.equal(bench.transcript.at(-1), `agent: ${words}`);
    t.equal(bench.hangups.length, ends ? 1 : 0);
    t.equal(bench.turns[1]?.cause, 'digit');
    await bench.conversation.end();
  }
});

void t.test('within a number that is keyed in the key is a digit; pressed into the goodbye it still counts', async (t) => {
  const dtmfRules = { '9': { action: 'do_not_call' }, '0': { endCall: true } } as const;
  const bench = new ConversationBench({ dtmfRules });
  bench.conversation.start();
  for (const digit of '49#') {
    bench.media.emit({ type: 'digit', digit, durationMs: 100, atMs: bench.nowMs });
    await bench.run(500);
  }
  await bench.until(() => bench.llm.requests.length > 0);
  t.equal(bench.llm.requests[0]?.messages[0]?.content, '[digits 49]');
  t.same(bench.optOuts, []);
  bench.media.emit({ type: 'digit', digit: '0', durationMs: 100, atMs: bench.nowMs });
  await bench.run(100);
  bench.media.emit({ type: 'digit', digit: '9', durationMs: 100, atMs: bench.nowMs });
  await bench.until(() => bench.hangups.length > 0);
  t.same(bench.optOuts, ['caller_dtmf']);
  t.equal(bench.transcript.at(-1), `agent: ${PHRASES.goodbye}`);
});

void t.test('nothing is promised to somebody whose number is not known', async (t) => {
  const bench = new ConversationBench({ dtmfRules: { '9': { action: 'do_not_call', say: 'You are off our list.' } } });
  bench.numberKnown = false;
  await heard(bench, 'Take me off your list.');
  await bench.until(() => bench.turns.length === 1);
  bench.media.emit({ type: 'digit', digit: '9', durationMs: 100, atMs: bench.nowMs });
  await bench.until(() => bench.turns.length === 2);
  const said = bench.transcript.filter((line) => line.startsWith('agent'));
  t.same(said, [`agent: ${PHRASES.numberUnknown}`, `agent: ${PHRASES.numberUnknown}`]);
  t.same(bench.hangups, []);
  await bench.conversation.end();
});

void t.test('without a recogniser the caller is told of the key', async (t) => {
  const bench = new ConversationBench({ dtmfRules: { '9': { action: 'do_not_call' } } });
  bench.stt.understands = false;
  bench.conversation.start();
  await bench.say(900);
  await bench.until(() => bench.turns.length > 0);
  t.match(bench.transcript.at(-1), /You can press 9 not to be called again\.$/);
  await bench.conversation.end();
});
