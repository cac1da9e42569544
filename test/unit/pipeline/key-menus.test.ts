import t from 'tap';
import type { DtmfRules, Script } from '../../../src/domain/agent.js';
import { ENGLISH_PHRASES as PHRASES } from '../../../src/pipeline/language/phrases.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const dtmfRules: DtmfRules = {
  '0': {
    menu: {
      name: 'main',
      prompt: 'One for hours, two for more.',
      timeoutMs: 4_000,
      retries: 1,
      invalidSay: 'No such choice.',
      options: {
        '1': { intent: 'hours' },
        '2': {
          menu: {
            prompt: 'Three to hear it, nine to go back.',
            options: { '3': { say: 'It.' }, '9': { say: 'Back.', goto: 'main' } },
          },
        },
        '#': { say: 'Bye.', endCall: true },
        '*': { tool: 'look_up', say: 'One moment.' },
      },
    },
  },
  '1': { say: 'One outside.' },
};
const script: Script = {
  intents: [{ name: 'hours', phrases: ['when are you open'], reply: 'Always.', endCall: false }],
  fallback: 'What?',
};

async function press(bench: ConversationBench, keys: string): Promise<void> {
  for (const key of keys) {
    const before = bench.entries.length;
    bench.media.emit({ type: 'digit', digit: key, durationMs: 100, atMs: bench.nowMs });
    await bench.until(() => bench.entries.length > before + 1 && bench.conversation.state !== 'thinking');
    await bench.until(() => bench.conversation.state !== 'agent_speaking');
  }
}

const said = (bench: ConversationBench): string[] =>
  bench.transcript.filter((line) => line.startsWith('agent: ')).map((line) => line.slice(7));

void t.test('menus are walked by keys, down and back', async (t) => {
  const bench = new ConversationBench({ dtmfRules, script });
  bench.conversation.start();
  await press(bench, '0291');
  t.same(said(bench), [
    'One for hours, two for more.',
    'Three to hear it, nine to go back.',
    'Back. One for hours, two for more.',
    'Echo: when are you open.',
  ]);
  t.equal(bench.llm.requests[0]?.messages.at(-1)?.content, 'when are you open');
  await press(bench, '1');
  t.equal(said(bench).at(-1), 'One outside.', 'a choice leaves the menu');
});

void t.test('a key that is no option, and a silence, read the menu out again; then it is left', async (t) => {
  const bench = new ConversationBench({ dtmfRules, script });
  bench.conversation.start();
  await press(bench, '07');
  t.equal(said(bench).at(-1), 'No such choice. One for hours, two for more.');
  const fromMs = bench.nowMs;
  await bench.run(4_100);
  t.equal(said(bench).length, 2, 'no more often than it says');
  await press(bench, '1');
  t.equal(said(bench).at(-1), 'One outside.');

  const silent = new ConversationBench({ dtmfRules, script });
  silent.conversation.start();
  await press(silent, '0');
  const heardMs = silent.nowMs;
  await silent.until(() => said(silent).length === 2);
  t.equal(said(silent)[1], said(silent)[0]);
  t.ok(silent.nowMs - heardMs >= 4_000);
  await silent.until(() => said(silent).length === 3);
  t.equal(said(silent)[2], PHRASES.silence, 'then the caller is asked whether they are there');
  t.ok(fromMs > 0);
});

void t.test('what the caller says leaves the menu', async (t) => {
  const bench = new ConversationBench({ dtmfRules, script });
  bench.conversation.start();
  await press(bench, '0');
  bench.stt.utterances.push({ text: 'something else.' });
  await bench.say(500);
  await bench.until(() => bench.turns.length === 2);
  await bench.until(() => bench.conversation.state === 'listening');
  await press(bench, '1');
  t.equal(said(bench).at(-1), 'One outside.');
});

void t.test('an option uses a tool, after its words', async (t) => {
  const calls: string[] = [];
  const bench = new ConversationBench(
    { dtmfRules, script },
    {
      toolbox: {
        definitions: () => Promise.resolve([]),
        announcement: () => ({ text: 'Never said.', first: false }),
        run: ({ name }) => {
          calls.push(name);
          return Promise.resolve({ content: '{"status":"done"}' });
        },
      },
    },
  );
  bench.conversation.start();
  await press(bench, '0*');
  t.same(calls, ['look_up']);
  t.equal(said(bench).at(-1), 'One moment. Echo: {"status":"done"}.');
});

void t.test('an option ends the call', async (t) => {
  const bench = new ConversationBench({ dtmfRules, script });
  bench.conversation.start();
  await press(bench, '0');
  bench.media.emit({ type: 'digit', digit: '#', durationMs: 100, atMs: bench.nowMs });
  await bench.until(() => bench.hangups.length === 1);
  t.equal(said(bench).at(-1), 'Bye.');
});
