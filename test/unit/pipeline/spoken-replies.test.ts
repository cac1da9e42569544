import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { ConversationDeps } from '../../../src/pipeline/conversation-deps.js';
import { candidateOf } from '../../../src/speech/failover/failover.js';
import { FailoverLanguageModel } from '../../../src/speech/failover/failover-language-model.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import { FAILOVER } from '../../support/failover-settings.js';
import { FakeLlm, type FakeReplyStep } from '../../support/fake-speech.js';

/** A model that speaks by itself, in a call that has begun. */
function benchWith(
  replies: FakeReplyStep[][],
  agent: Partial<AgentSettings> = {},
  deps: Partial<ConversationDeps> = {},
): ConversationBench {
  const bench = new ConversationBench(agent, deps);
  bench.llm.replies.push(...replies);
  bench.conversation.start();
  return bench;
}

async function hears(bench: ConversationBench, text: string, heardAs?: string): Promise<void> {
  bench.stt.utterances.push(heardAs === undefined ? { text } : { text, heardAs });
  await bench.say(500);
}

void t.test('what a model says by itself is played and written down, without a synthesiser', async (t) => {
  const bench = benchWith([[{ spoken: 'It is open until six.' }], [{ spoken: 'You are welcome.' }]]);
  await hears(bench, 'are you open?', 'heard_1');
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['caller: are you open?', 'agent: It is open until six.']);
  t.same(bench.tts.requests, []);
  t.same(bench.llm.cuts, []);
  const { latency } = bench.turns[0] ?? {};
  for (const stage of ['firstTextMs', 'firstClauseMs', 'firstAudioMs', 'firstPacketMs'] as const) {
    t.type(latency?.[stage], 'number', stage);
  }
  await hears(bench, 'thank you very much.', 'heard_2');
  await bench.until(() => bench.turns.length === 2);
  t.same(bench.llm.requests[1]?.messages, [
    { role: 'user', content: 'are you open?', heardAs: ['heard_1'] },
    { role: 'assistant', content: 'It is open until six.', spokenAs: ['item_1'] },
    { role: 'user', content: 'thank you very much.', heardAs: ['heard_2'] },
  ]);
});

void t.test('cut off, it is told how much was heard, and the words are those that were', async (t) => {
  const words = 'This is a rather long answer about our opening hours, which you may interrupt whenever you like.';
  const bench = benchWith([[{ spoken: words }]]);
  await hears(bench, 'tell me about it.', 'heard_1');
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  await bench.run(2_000);
  bench.stt.utterances.push({ text: 'stop that please.', partials: [{ afterMs: 300, text: 'stop that' }] });
  await bench.say(900);
  await bench.until(() => bench.entries.some(({ interrupted }) => interrupted));
  const { heardText = '' } = bench.entries.find(({ speaker }) => speaker === 'agent') ?? {};
  const heardMs = bench.media.playout.position() / 16;
  t.same(bench.llm.cuts, [{ id: 'item_1', heardMs }]);
  t.ok(words.startsWith(heardText) && heardText.length > 20 && heardText.length < words.length, heardText);
  t.ok(Math.abs(heardText.length - heardMs / 50) < 12, `${heardText.length} characters in ${heardMs} ms`);
  await bench.until(() => bench.llm.requests.length === 2);
  t.match(bench.llm.requests[1]?.messages[1], { role: 'assistant', content: heardText, spokenAs: ['item_1'] });
});

void t.test('of utterances of which one was heard by somebody else, the words count', async (t) => {
  const bench = benchWith([[{ spoken: 'All right.' }]]);
  await hears(bench, 'my number is five five', 'heard_1');
  await hears(bench, 'one two three four five six seven eight');
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.llm.requests.at(-1)?.messages, [
    { role: 'user', content: 'my number is five five one two three four five six seven eight' },
  ]);
});

void t.test('a tool is called between two things it says, and both are one answer', async (t) => {
  const toolbox = {
    definitions: async () => [{ name: 'book', description: 'Books.', parameters: { type: 'object' } }],
    announcement: () => ({ text: 'Please wait.', first: false }),
    run: async () => ({ content: '{"done":true}' }),
  };
  const bench = benchWith([[{ spoken: 'One moment.' }, { tool: 'book' }], [{ spoken: 'Booked.' }]], {}, { toolbox });
  await hears(bench, 'book it.', 'heard_1');
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['caller: book it.', 'agent: One moment. Booked.'], 'it has said itself that it works');
  t.match(bench.llm.requests[1]?.messages.slice(1), [
    { role: 'assistant', content: 'One moment.', spokenAs: ['item_1'], toolCalls: [{ name: 'book' }] },
    { role: 'tool', content: '{"done":true}' },
  ]);
});

void t.test('it says goodbye and hangs up; the words are played to their end', async (t) => {
  const bench = benchWith([[{ endCall: true }, { spoken: 'Goodbye then.' }]]);
  await hears(bench, 'bye.', 'heard_1');
  await bench.until(() => bench.hangups.length === 1);
  t.same(bench.transcript, ['caller: bye.', 'agent: Goodbye then.']);
  t.equal(bench.media.playout.queued(), 0);
  t.match(bench.hangups, [{ reason: 'goodbye' }]);
});

void t.test('a filler gives way to what it says', async (t) => {
  const bench = benchWith([[{ delayMs: 3_000 }, { spoken: 'Here it is.' }]], {}, { fillerAfterMs: 1_200 });
  await hears(bench, 'find it.', 'heard_1');
  await bench.until(() => bench.turns.length === 1);
  t.match(bench.transcript.at(-1), /^agent: .+ Here it is\.$/);
  t.type(bench.turns[0]?.latency.fillerMs, 'number');
});

void t.test('where it breaks off another one gives the answer', async (t) => {
  const parts = new ConversationBench();
  const { clock, stt, tts } = parts;
  const [speaking, standIn] = [new FakeLlm(clock), new FakeLlm(clock)];
  speaking.replies.push([{ spoken: 'We are open' }, { error: new Error('gone') }]);
  standIn.replies.push(['Until six.']);
  const failures: string[] = [];
  const candidates = [speaking, standIn].map((llm, i) => candidateOf(`llm-${i}`, llm, clock, FAILOVER.breaker));
  const onFailure = ({ provider, instead }: { provider: string; instead: string | undefined }): void =>
    void failures.push(`${provider} ${instead}`);
  const llm = new FailoverLanguageModel({ candidates, clock, deadlines: undefined, onFailure });
  const bench = new ConversationBench({}, { speech: { stt, tts, llm } });
  bench.conversation.start();
  stt.utterances.push({ text: 'when do you close?' });
  await bench.say(500);
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript.at(-1), 'agent: We are open Until six.');
  t.match(standIn.requests[0]?.messages, [{ role: 'user', content: 'when do you close?' }]);
  t.same(failures, ['llm-0 llm-1']);
});
