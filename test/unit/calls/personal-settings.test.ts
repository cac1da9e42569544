import t from 'tap';
import { personalSettings } from '../../../src/calls/personal-settings.js';
import { sampleAgent } from '../../support/sample-records.js';

const AGENT = sampleAgent({
  systemPrompt: 'You call {{ customer_name }} about order {{order.id}}.',
  startingMessage: 'Hello {{customer_name}}, {{unknown}}.',
  script: {
    intents: [{ name: 'when', phrases: ['when'], reply: 'On {{day}}, {{customer_name}}.', endCall: false }],
    fallback: 'Sorry {{customer_name}}?',
  },
  dtmfRules: { '1': { say: 'Order {{order.id}}.' }, '2': { endCall: true } },
});
const contextData = { customer_name: 'John Doe', order: { id: 12_345 }, 'a.b': true, none: null, list: [1] };

void t.test('context fills prompt, greeting, replies and key texts; the slots of a script stay', async (t) => {
  const filled = personalSettings(AGENT, { contextData });
  t.match(filled, {
    systemPrompt: 'You call John Doe about order 12345.',
    startingMessage: 'Hello John Doe, .',
    dtmfRules: { '1': { say: 'Order 12345.' }, '2': { endCall: true } },
    script: { intents: [{ phrases: ['when'], reply: 'On {{day}}, John Doe.' }], fallback: 'Sorry John Doe?' },
    name: AGENT.name,
    knowledge: AGENT.knowledge,
  });
  t.match(AGENT.systemPrompt, /\{\{/, 'the agent itself is not changed');
});

void t.test("the call's own starting message goes before the agent's, and is filled too", async (t) => {
  const greeting = (startingMessage: string): unknown =>
    personalSettings(AGENT, { startingMessage, contextData }).startingMessage;
  t.equal(greeting('Hi {{customer_name}}!'), 'Hi John Doe!');
  t.equal(greeting('{{a.b}} {{none}}{{list}}'), 'true [1]');
  t.equal(greeting('$& {{customer_name}} {{{x}}'), '$& John Doe {');
});

void t.test('what objects have by nature, and values that look like placeholders, are not expanded', async (t) => {
  const tricky = { constructor_: 1, evil: '{{customer_name}}', customer_name: '$1' };
  for (const [text, expected] of [
    ['{{constructor}}{{__proto__}}{{toString}}{{order.constructor.name}}', ''],
    ['{{evil}}', '{{customer_name}}'],
    ['{{customer_name}}', '$1'],
    ['{{}} {{ }}', '{{}} {{ }}'],
    ['{{evil.length}}', ''],
  ] as const) {
    t.equal(personalSettings(AGENT, { startingMessage: text, contextData: tricky }).startingMessage, expected, text);
  }
});

void t.test('an agent without greeting has none', async (t) => {
  const silent = sampleAgent({ startingMessage: undefined });
  t.equal(personalSettings(silent, { contextData }).startingMessage, undefined);
});
