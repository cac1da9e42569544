import t from 'tap';
import type { Script } from '../../../src/domain/agent.js';
import type { ToolCall } from '../../../src/domain/ports/speech.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { ConversationBench } from '../../support/conversation-bench.js';

const script: Script = {
  intents: [
    {
      name: 'order',
      phrases: ['where is my order {number}'],
      reply: 'It is {{result.state}}.',
      endCall: false,
      tool: 'look_up',
      arguments: { order: '{{number}}' },
      failureReply: 'I cannot see that now.',
    },
  ],
  fallback: 'What?',
};

void t.test('a script uses the tools of the agent: announced, told, and told truthfully where they fail', async (t) => {
  const brain = new ScriptBrain();
  t.teardown(() => brain.close());
  const calls: ToolCall[] = [];
  const contents = ['{"status":"done","result":{"state":"sent"}}', '{"status":"failed","reason":"no answer"}'];
  const bench = new ConversationBench(
    { script },
    {
      toolbox: {
        definitions: () => Promise.resolve([]),
        announcement: () => ({ text: 'Let me look.', first: false }),
        run: (call) => {
          calls.push(call);
          return Promise.resolve({ content: contents.shift() ?? '' });
        },
      },
    },
  );
  bench.llm.reply = (request) => brain.reply(request);
  bench.conversation.start();
  for (const words of ['Let me look. It is sent.', 'Let me look. I cannot see that now.']) {
    bench.stt.utterances.push({ text: 'where is my order four seven one one.' });
    const before = bench.turns.length;
    await bench.say(500);
    await bench.until(() => bench.turns.length > before);
    t.equal(bench.transcript.at(-1), `agent: ${words}`);
  }
  t.match(calls, [
    { name: 'look_up', arguments: { order: '4711' } },
    { name: 'look_up', arguments: { order: '4711' } },
  ]);
});
