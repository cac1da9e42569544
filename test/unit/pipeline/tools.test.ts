import t from 'tap';
import type { ToolCall } from '../../../src/domain/ports/speech.js';
import type { Toolbox, ToolResult } from '../../../src/domain/ports/toolbox.js';
import { ConversationBench } from '../../support/conversation-bench.js';
import type { FakeReplyStep } from '../../support/fake-speech.js';

/** Runs end when the test says so. */
class HeldToolbox implements Toolbox {
  readonly calls: ToolCall[] = [];
  text: string | undefined;
  first = false;
  readonly #ends: ((result: ToolResult) => void)[] = [];

  async definitions() {
    return ['book', 'note'].map((name) => ({ name, description: name, parameters: { type: 'object' } }));
  }
  announcement() {
    return { text: this.text, first: this.first };
  }
  run(call: ToolCall): Promise<ToolResult> {
    this.calls.push(call);
    return new Promise((resolve) => this.#ends.push(resolve));
  }
  end(content: string, handedOver = false): void {
    this.#ends.shift()?.({ content, handedOver });
  }
}

function benchWith(...replies: FakeReplyStep[][]): { bench: ConversationBench; toolbox: HeldToolbox } {
  const toolbox = new HeldToolbox();
  const bench = new ConversationBench({}, { toolbox });
  bench.llm.replies.push(...replies);
  bench.conversation.start();
  return { bench, toolbox };
}

async function hears(bench: ConversationBench, text: string): Promise<void> {
  bench.stt.utterances.push({ text });
  await bench.say(500);
}

const lastMessages = (bench: ConversationBench) => bench.llm.requests.at(-1)?.messages;

void t.test('what a tool comes to is told to the model, which tells the caller', async (t) => {
  const { bench, toolbox } = benchWith([{ tool: 'book', arguments: { day: 'friday' } }], ['Friday it is.']);
  await hears(bench, 'book me in for friday.');
  await bench.until(() => toolbox.calls.length === 1);
  t.same(
    bench.llm.requests[0]?.tools.map(({ name }) => name),
    ['end_call', 'book', 'note'],
  );
  await bench.run(20_000);
  t.same(bench.transcript, ['caller: book me in for friday.'], 'nobody asks whether the caller is still there meanwhile');
  toolbox.end('{"status":"done"}');
  await bench.until(() => bench.turns.length === 1);
  t.same(bench.transcript, ['caller: book me in for friday.', 'agent: Friday it is.']);
  t.same(lastMessages(bench), [
    { role: 'user', content: 'book me in for friday.' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_1_book', name: 'book', arguments: { day: 'friday' } }] },
    { role: 'tool', toolCallId: 'call_1_book', content: '{"status":"done"}' },
  ]);
  t.equal(bench.conversation.state, 'listening');
});

void t.test('a tool is announced, unless the model has said something itself', async (t) => {
  for (const [steps, heard] of [
    [[{ tool: 'book' }], 'One moment. Done.'],
    [['Let me see. ', { tool: 'book' }], 'Let me see. Done.'],
  ] satisfies [FakeReplyStep[], string][]) {
    const { bench, toolbox } = benchWith(steps, ['Done.']);
    toolbox.text = 'One moment.';
    await hears(bench, 'book me in.');
    await bench.until(() => bench.conversation.state === 'agent_speaking');
    toolbox.end('{}');
    await bench.until(() => bench.turns.length === 1);
    t.equal(bench.transcript.at(-1), `agent: ${heard}`);
  }
});

void t.test(
  'a tool that must not begin before its announcement was heard waits, and never begins where the caller objects',
  async (t) => {
    const { bench, toolbox } = benchWith([{ tool: 'book' }], ['Done.']);
    Object.assign(toolbox, { text: 'I am putting you through.', first: true });
    await hears(bench, 'the manager please.');
    await bench.until(() => bench.conversation.state === 'agent_speaking');
    await bench.run(1_000);
    t.equal(toolbox.calls.length, 0);
    await bench.until(() => toolbox.calls.length === 1);
    t.equal(bench.media.playout.queued(), 0);

    const other = benchWith([{ tool: 'book' }], ['All right, I will not.']);
    Object.assign(other.toolbox, { text: 'I am putting you through.', first: true });
    await hears(other.bench, 'the manager please.');
    await other.bench.until(() => other.bench.conversation.state === 'agent_speaking');
    await hears(other.bench, 'no wait.');
    await other.bench.until(() => other.bench.turns.length === 2);
    t.equal(other.toolbox.calls.length, 0);
    t.equal(other.bench.transcript.at(-1), 'agent: All right, I will not.');
  },
);

void t.test('who speaks into a tool is answered when it has ended, and it runs once', async (t) => {
  const { bench, toolbox } = benchWith([{ tool: 'book' }], [{ tool: 'note' }], ['Booked, for two.']);
  await hears(bench, 'book a table.');
  await bench.until(() => toolbox.calls.length === 1);
  await hears(bench, 'for two.');
  await bench.run(2_000);
  t.equal(bench.llm.requests.length, 1, 'the model is not asked before it can know');
  toolbox.end('{"table":7}');
  await bench.until(() => toolbox.calls.length === 2);
  toolbox.end('{}');
  await bench.until(() => bench.turns.length > 0 && bench.conversation.state === 'listening');
  t.same(
    toolbox.calls.map(({ name }) => name),
    ['book', 'note'],
  );
  t.same(
    lastMessages(bench)?.map(({ role, content }) => `${role}: ${content}`),
    ['user: book a table.', 'user: for two.', 'assistant: ', 'tool: {"table":7}', 'assistant: ', 'tool: {}'],
  );
  t.equal(bench.transcript.at(-1), 'agent: Booked, for two.');
});

void t.test('the same call of a tool that still runs is that run', async (t) => {
  const { bench, toolbox } = benchWith([{ tool: 'book' }, { tool: 'book' }], ['Done.']);
  await hears(bench, 'book me in.');
  await bench.until(() => toolbox.calls.length > 0);
  toolbox.end('{"ok":1}');
  await bench.until(() => bench.turns.length === 1);
  t.equal(toolbox.calls.length, 1);
});

void t.test('a caller who drowns out the announcement of a tool is told its result all the same', async (t) => {
  const { bench, toolbox } = benchWith([{ tool: 'book' }], ['You are booked.']);
  toolbox.text = 'One moment please.';
  await hears(bench, 'book me in.');
  await bench.until(() => bench.conversation.state === 'agent_speaking');
  // Long, but nothing that could be understood.
  bench.stt.utterances.push({ text: '' });
  await bench.say(3_000);
  await bench.until(() => bench.conversation.state === 'listening', 20_000);
  toolbox.end('{"ok":1}');
  await bench.until(() => bench.transcript.at(-1) === 'agent: You are booked.');
  t.equal(toolbox.calls.length, 1);
});

void t.test('a model that says goodbye has its tools run, and is not asked again', async (t) => {
  const { bench, toolbox } = benchWith(['Goodbye! ', { tool: 'note' }, { endCall: true }]);
  await hears(bench, 'that is all.');
  await bench.until(() => bench.hangups.length === 1);
  t.equal(toolbox.calls.length, 1);
  t.equal(bench.llm.requests.length, 1);
  toolbox.end('{}');
  await bench.run(10);
});

void t.test('after five rounds a model has nothing but words left', async (t) => {
  const again: FakeReplyStep[] = [{ tool: 'note' }];
  const { bench, toolbox } = benchWith(again, again, again, again, again, ['Enough.']);
  await hears(bench, 'go on.');
  for (let round = 1; round <= 5; round += 1) {
    await bench.until(() => toolbox.calls.length === round);
    toolbox.end(`{"round":${round}}`);
  }
  await bench.until(() => bench.turns.length === 1);
  t.equal(bench.transcript.at(-1), 'agent: Enough.');
  t.same(
    bench.llm.requests.at(-1)?.tools.map(({ name }) => name),
    ['end_call'],
  );
});

void t.test('who was handed over is not talked to any more', async (t) => {
  const { bench, toolbox } = benchWith([{ tool: 'book' }]);
  await hears(bench, 'the manager please.');
  await bench.until(() => toolbox.calls.length === 1);
  toolbox.end('{}', true);
  await bench.run(2_000);
  t.equal(bench.llm.requests.length, 1);
  t.same(bench.hangups, []);
});
