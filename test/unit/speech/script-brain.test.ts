import t from 'tap';
import type { AgentSettings } from '../../../src/domain/agent.js';
import { type ChatMessage, END_CALL_TOOL, type ReplyEvent } from '../../../src/domain/ports/speech.js';
import { demoAgent } from '../../../src/speech/script/demo-agent.js';
import { IntentMatcher } from '../../../src/speech/script/intent-matcher.js';
import { ScriptBrain } from '../../../src/speech/script/script-brain.js';
import { CALLER_PHRASES, KNOWLEDGE_QUESTIONS, NONSENSE } from './caller-phrases.js';
import { DENTIST_CALLERS, dentist } from './dentist.js';

const brain = new ScriptBrain();
t.teardown(() => brain.close());

async function ask(
  agent: AgentSettings,
  messages: readonly (ChatMessage | string)[],
  signal = new AbortController().signal,
): Promise<ReplyEvent[]> {
  const events: ReplyEvent[] = [];
  const conversation = messages.map((message) =>
    typeof message === 'string' ? ({ role: 'user', content: message } as const) : message,
  );
  for await (const event of brain.reply({ agent, messages: conversation, tools: [END_CALL_TOOL], signal })) events.push(event);
  return events;
}

const textOf = (events: readonly ReplyEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('');
const agentWith = (settings: Partial<AgentSettings>): AgentSettings => ({ ...demoAgent, knowledge: undefined, ...settings });

t.test('at least 90 % of reworded and misheard phrases find their intent, and no wrong one ends the call', (t) => {
  const matcher = new IntentMatcher(demoAgent.script!);
  const wrong = CALLER_PHRASES.filter(([said, intent]) => matcher.match(said)?.intent.name !== intent);
  const right = CALLER_PHRASES.length - wrong.length;
  t.ok(
    right >= CALLER_PHRASES.length * 0.9,
    `${right} of ${CALLER_PHRASES.length}; wrong: ${wrong.map(([said]) => said).join(' | ')}`,
  );
  t.notOk(
    wrong.some(([said]) => matcher.match(said)?.intent.endCall),
    'nobody is hung up on by mistake',
  );
  t.end();
});

t.test('at least 90 % also with an agent that nothing was tuned on', (t) => {
  const matcher = new IntentMatcher(dentist);
  const wrong = DENTIST_CALLERS.filter(([said, intent]) => matcher.match(said)?.intent.name !== intent).map(([said]) => said);
  const right = DENTIST_CALLERS.length - wrong.length;
  t.ok(right >= DENTIST_CALLERS.length * 0.9, `${right} of ${DENTIST_CALLERS.length}; wrong: ${wrong.join(' | ')}`);
  t.end();
});

t.test('every sample phrase of the demo agent finds its own intent', (t) => {
  const matcher = new IntentMatcher(demoAgent.script!);
  for (const intent of demoAgent.script!.intents) {
    for (const phrase of intent.phrases) {
      const said = phrase.replace('{day}', 'friday').replace('{name}', 'mary');
      t.equal(matcher.match(said)?.intent.name, intent.name, said);
    }
  }
  t.end();
});

t.test('nonsense is rejected and gets the fallback', async (t) => {
  for (const said of NONSENSE) t.equal(textOf(await ask(demoAgent, [said])), demoAgent.script!.fallback, JSON.stringify(said));
});

t.test('questions beyond the script are answered from the knowledge text', async (t) => {
  for (const [asked, answer] of KNOWLEDGE_QUESTIONS) t.match(textOf(await ask(demoAgent, [asked])), answer, asked);
});

t.test('a goodbye is said before the call is ended', async (t) => {
  const events = await ask(demoAgent, ['thank you, goodbye']);
  t.equal(textOf(events), 'Thank you for calling. Goodbye!');
  t.match(events.at(-1), { type: 'tool', call: { name: 'end_call' } }, 'the tool call comes last');
  t.equal(events.filter((event) => event.type === 'tool').length, 1);
});

t.test('a long reply streams sentence by sentence and adds up to the whole', async (t) => {
  const events = await ask(demoAgent, ['tell me about off hook']);
  const reply = demoAgent.script!.intents.find((intent) => intent.name === 'about-offhook')!.reply;
  t.equal(events.length, 5, 'five sentences');
  t.equal(textOf(events), reply);
});

t.test('a day that was heard is repeated, also when it was said earlier in the call', async (t) => {
  t.match(textOf(await ask(demoAgent, ["I'd like an appointment for next tuesday please"])), /down for next Tuesday\./u);
  const agent = agentWith({
    script: {
      fallback: '?',
      intents: [
        { name: 'day', phrases: ['appointment on {day}'], reply: 'What time on {{day}}?', endCall: false },
        { name: 'time', phrases: ['at {time}', '{time} please'], reply: 'Booked: {{day}}, {{time}}.', endCall: false },
      ],
    },
  });
  const first: ChatMessage[] = [
    { role: 'user', content: 'an appointment on friday' },
    { role: 'assistant', content: 'What time on Friday?' },
  ];
  t.equal(textOf(await ask(agent, [...first, 'at half past nine please'])), 'Booked: Friday, half past nine.');
});

t.test('what a reply asks for is told before its words', async (t) => {
  const expect = { kind: 'digits', count: 6 } as const;
  const intents = [{ name: 'order', phrases: ['where is my order'], reply: 'Which number?', endCall: false, expect }];
  t.same(await ask(agentWith({ script: { fallback: '?', intents } }), ['where is my order']), [
    { type: 'expect', expectation: expect },
    { type: 'text', text: 'Which number?' },
  ]);
});

t.test('a sentence cut in two by a pause is understood as one', async (t) => {
  t.match(textOf(await ask(demoAgent, ['what are your', 'opening'])), /nine to six/u);
});

t.test('every agent understands goodbye and a request to repeat, without a script', async (t) => {
  const agent = agentWith({ script: undefined });
  t.match((await ask(agent, ['goodbye'])).at(-1), { type: 'tool', call: { name: 'end_call' } });
  const said: ChatMessage = { role: 'assistant', content: 'It is twelve River Street.' };
  t.equal(textOf(await ask(agent, [said, 'could you say that again please'])), said.content);
  t.match(textOf(await ask(agent, ['what are your opening hours'])), /did not understand/u);
});

t.test('an aborted reply ends quietly, before or between its sentences', async (t) => {
  t.same(await ask(demoAgent, ['tell me about off hook'], AbortSignal.abort()), []);
  const controller = new AbortController();
  const heard: ReplyEvent[] = [];
  const messages = [{ role: 'user', content: 'tell me about off hook' }] as const;
  for await (const event of brain.reply({ agent: demoAgent, messages, tools: [], signal: controller.signal })) {
    heard.push(event);
    controller.abort();
  }
  t.equal(heard.length, 1);
});

t.test('without a conversation nothing is said', async (t) => {
  t.same(await ask(demoAgent, []), []);
});

t.test('an intent uses a tool with what was heard, and tells what came of it', async (t) => {
  const order = {
    name: 'order',
    phrases: ['where is my order {number}', 'where is my order'],
    reply: 'Order {{number}} is {{result.state}}{{result.nothing}}.',
    endCall: false,
    tool: 'look_up',
    arguments: { order: '{{number}}', for: ['{{name}}', 'phone'], name: '{{name}}' },
  };
  const intents = [{ name: 'hours', phrases: ['when are you open'], reply: 'Always.', endCall: false }, order];
  const agent = agentWith({ script: { intents, fallback: 'What?' } });
  const said = 'where is my order four seven one one';
  const [first, ...more] = await ask(agent, [said]);
  t.same(more, [], 'nothing is said before');
  t.match(first, { type: 'tool', call: { name: 'look_up', arguments: { order: '4711', for: ['', 'phone'] } } });
  const call = first?.type === 'tool' ? first.call : undefined;
  t.notOk(Object.hasOwn(call?.arguments as object, 'name'), 'what was not heard is left out');
  const after = (content: string, id = call?.id ?? ''): Promise<ReplyEvent[]> =>
    ask(agent, [said, { role: 'assistant', content: '', toolCalls: call && [call] }, { role: 'tool', toolCallId: id, content }]);
  t.equal(textOf(await after('{"status":"done","result":{"state":"sent"}}')), 'Order four seven one one is sent.');
  t.match(textOf(await after('{"status":"failed","reason":"no"}')), /did not work/);
  for (const content of ['not json', '7', '{"status":"done","message":7}'])
    t.ok(textOf(await after(content, 'x')) !== '', content);
  t.equal(textOf(await after('{"status":"done","message":"It is booked."}', 'key_1')), 'It is booked.', 'what a key has called');
});

t.test('an intent whose tool fails says so in its own words, and does not end the call', async (t) => {
  const intent = {
    name: 'cancel',
    phrases: ['cancel it'],
    reply: 'Done.',
    endCall: true,
    tool: 'cancel',
    failureReply: 'I cannot.',
  };
  const agent = agentWith({ script: { intents: [intent], fallback: 'What?' } });
  const [event] = await ask(agent, ['cancel it']);
  const id = event?.type === 'tool' ? event.call.id : '';
  const ended = (status: string) =>
    ask(agent, ['cancel it', { role: 'tool', toolCallId: id, content: `{"status":"${status}"}` }]);
  t.same(await ended('failed'), [{ type: 'text', text: 'I cannot.' }]);
  t.match((await ended('done')).at(-1), { type: 'tool', call: { name: 'end_call' } });
});

t.test('rubbish from the caller or in the agent never throws', async (t) => {
  const operators = 'NEAR( AND OR NOT "opening" * ^ : { } -- ; DROP TABLE passages; col:x';
  const huge = 'open '.repeat(100_000);
  const binary = String.fromCharCode(...Array.from({ length: 3_000 }, (_, i) => (i * 7919) % 65_536));
  for (const said of [
    operators,
    huge,
    binary,
    '\u0000',
    '{day} {{day}} {name}',
    "'''''",
    '\ud800',
    'constructor __proto__ toString',
  ]) {
    t.type(textOf(await ask(demoAgent, [said])), 'string');
  }
  const odd = agentWith({
    script: {
      fallback: '',
      intents: [
        { name: '', phrases: ['', '   ', '{day}{day}', '{unknown}', '***'], reply: '{{}} {{nothing}} {{day', endCall: false },
        { name: 'empty', phrases: [], reply: '', endCall: true },
        { name: 'silent', phrases: ['be silent'], reply: '', endCall: false },
      ],
    },
    knowledge: `${binary}\n\n###\n:\n?\n${'x'.repeat(5_000)}`,
  });
  for (const said of ['friday', 'be silent', operators, binary]) t.ok(Array.isArray(await ask(odd, [said])));
});
