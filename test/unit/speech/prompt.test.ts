import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { ChatMessage } from '../../../src/domain/ports/speech.js';
import { chatMessages } from '../../../src/speech/openai/chat-messages.js';
import { systemPrompt } from '../../../src/speech/openai/prompt.js';
import { plainAgent } from '../../support/speech-requests.js';

const NOW_MS = Date.UTC(2026, 0, 31, 23, 30);
const promptOf = (changes: Partial<AgentSettings>): string => systemPrompt({ ...plainAgent, ...changes }, NOW_MS);

void t.test('each field of the persona is told to the model, after the prompt of the agent', async (t) => {
  const persona = {
    type: 'sales',
    background: 'The shop has been there since 1920.',
    goal: 'Arrange a test ride.',
    tone: 'Cheerful',
    instructions: 'Never promise a discount.',
    script: 'Greet. Ask for the size. Offer a date.',
  };
  const prompt = promptOf({ persona });
  t.ok(prompt.startsWith('You sell bicycles.'));
  for (const words of Object.values(persona)) {
    t.match(prompt, words);
    t.notMatch(promptOf({}), words);
  }
  const { script, ...rest } = persona;
  t.notMatch(promptOf({ persona: { ...persona, scriptEnabled: false } }), script, 'the script can be turned off');
  t.equal(promptOf({ persona: { ...persona, scriptEnabled: false } }), promptOf({ persona: rest }), 'as if there were none');
  t.equal(promptOf({ persona: {} }), promptOf({}));
});

void t.test('a limit of words takes the place of the usual length', async (t) => {
  t.match(promptOf({}), 'one to three short');
  const limited = promptOf({ answer: { maxWords: 25 } });
  t.match(limited, 'at most 25 words');
  t.notMatch(limited, 'one to three short');
});

void t.test('an agent with a time zone knows what time it is there, and one without knows none', async (t) => {
  t.match(promptOf({ timezone: 'Europe/Berlin' }), /It is Sunday,? 1 February 2026, 00:30 \(Europe\/Berlin\)\.$/);
  t.match(promptOf({ timezone: 'UTC-03:30' }), /It is Saturday,? 31 January 2026, 20:00 \(UTC-03:30\)\.$/);
  t.notMatch(promptOf({}), '2026');
});

/** A token is reckoned as four bytes, and each message as four more tokens. */
const said = (role: 'user' | 'assistant', tokens: number, mark: string): ChatMessage => ({
  role,
  content: mark.padEnd((tokens - 4) * 4, '.'),
});
const marksOf = (messages: readonly ChatMessage[], maxTokens: number, system = ''): string =>
  chatMessages(system, messages, maxTokens)
    .slice(1)
    .map(({ content }) => (typeof content === 'string' ? content[0] : '?'))
    .join('');

void t.test('the oldest messages are left out until the rest fits', async (t) => {
  const messages = [said('assistant', 10, 'a'), said('user', 10, 'b'), said('assistant', 10, 'c'), said('user', 10, 'd')];
  for (const [maxTokens, kept] of [
    [40, 'abcd'],
    [39, 'bcd'],
    [30, 'bcd'],
    [29, 'cd'],
    [10, 'd'],
    [1, 'd'],
    [Infinity, 'abcd'],
  ] as const) {
    t.equal(marksOf(messages, maxTokens), kept, `${maxTokens} tokens`);
  }
  t.equal(marksOf(messages, 40, 'prompt of'.padEnd(40, '.')), 'bcd', 'the prompt counts');
  t.equal(chatMessages('x'.repeat(4000), messages, 10)[0]?.content, 'x'.repeat(4000), 'and is never cut');
  t.equal(marksOf([said('user', 10, 'b'), { role: 'user', content: 'я'.repeat(12) }], 19), 'я', 'two bytes a letter');
});

void t.test('what the caller said last stays with all that came of it, tools included', async (t) => {
  const call = { id: '1', name: 'look_up', arguments: { order: 12 } };
  const messages: ChatMessage[] = [
    said('user', 10, 'a'),
    { role: 'assistant', content: '', toolCalls: [{ ...call, id: '0' }] },
    { role: 'tool', toolCallId: '0', content: 'old' },
    said('user', 10, 'b'),
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', toolCallId: '1', content: 'sent on Monday' },
  ];
  t.same(
    chatMessages('', messages, 1).map(({ role }) => role),
    ['system', 'user', 'assistant', 'tool'],
  );
  for (let maxTokens = 1; maxTokens < 100; maxTokens += 1) {
    const asked = new Set<string>();
    for (const param of chatMessages('', messages, maxTokens)) {
      if (param.role === 'assistant') for (const { id } of param.tool_calls ?? []) asked.add(id);
      if (param.role === 'tool') t.ok(asked.has(param.tool_call_id), `no result without its call, of ${maxTokens} tokens`);
    }
  }
});
