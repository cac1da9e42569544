import t from 'tap';
import { type PersonalWords, personalAgent } from '../../../src/calls/personal-settings.js';
import type { AgentSettings } from '../../../src/domain/agent.js';
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
const NOW_MS = Date.UTC(2026, 6, 31, 22, 5);
const settingsOf = (agent: AgentSettings, words: PersonalWords): AgentSettings => personalAgent(agent, words, NOW_MS).settings;
const contextData = { customer_name: 'John Doe', order: { id: 12_345 }, 'a.b': true, none: null, list: [1] };

void t.test('context fills prompt, greeting, replies and key texts; the slots of a script stay', async (t) => {
  const filled = settingsOf(AGENT, { contextData });
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
  const greeting = (startingMessage: string): unknown => settingsOf(AGENT, { startingMessage, contextData }).startingMessage;
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
    t.equal(settingsOf(AGENT, { startingMessage: text, contextData: tricky }).startingMessage, expected, text);
  }
});

void t.test('an agent without greeting has none', async (t) => {
  const silent = sampleAgent({ startingMessage: undefined });
  t.equal(settingsOf(silent, { contextData }).startingMessage, undefined);
});

void t.test('every text of an agent is filled, and a call goes before what the agent says of its own', async (t) => {
  const agent = sampleAgent({
    systemPrompt: 'p {{shop}}',
    startingMessage: 'w {{shop}}',
    turnTaking: { idleMessage: 'i {{shop}}', idleMessageAfterMs: 1000 },
    persona: { type: 't {{shop}}', background: 'b {{shop}}', goal: 'g {{shop}}', scriptEnabled: true, script: 's {{shop}}' },
    voicemail: { mode: 'message', text: 'v {{shop}}' },
    doNotCall: { say: 'd {{shop}}' },
    dtmfRules: { '1': { say: 'k {{shop}}' } },
    script: { intents: [{ name: 'a', phrases: [], reply: 'r {{shop}}', endCall: false }], fallback: 'f {{shop}}' },
    contextData: { shop: 'Riverside' },
  });
  const textsWith = (shop: string): object => ({
    systemPrompt: `p ${shop}`,
    startingMessage: `w ${shop}`,
    turnTaking: { idleMessage: `i ${shop}`, idleMessageAfterMs: 1000 },
    persona: { type: `t ${shop}`, background: `b ${shop}`, goal: `g ${shop}`, scriptEnabled: true, script: `s ${shop}` },
    voicemail: { mode: 'message', text: `v ${shop}` },
    doNotCall: { say: `d ${shop}` },
    dtmfRules: { '1': { say: `k ${shop}` } },
    script: { intents: [{ name: 'a', phrases: [], reply: `r ${shop}`, endCall: false }], fallback: `f ${shop}` },
  });
  t.match(settingsOf(agent, {}), textsWith('Riverside'));
  t.match(settingsOf(agent, { contextData: { shop: 'Harbour' } }), textsWith('Harbour'));
});

void t.test(
  'what nothing is known of is left out and named once; slots and custom fields wait where they can be filled later',
  async (t) => {
    const agent = sampleAgent({
      systemPrompt: 'Ask {{who}} for the {{order}}.',
      startingMessage: 'Hello {{who}}.',
      turnTaking: { idleMessage: '{{who}}, your {{order}}?' },
      dtmfRules: { '1': { say: 'Order {{order}}, {{day}}.' } },
      script: { intents: [], fallback: '{{day}} {{order}} {{who}}.' },
      customFields: [{ id: '1', name: 'order', label: 'Order number', type: 'number' }],
    });
    const { settings, unknown } = personalAgent(agent, {}, NOW_MS);
    t.match(settings, {
      systemPrompt: 'Ask  for the .',
      startingMessage: 'Hello .',
      turnTaking: { idleMessage: ', your {{order}}?' },
      dtmfRules: { '1': { say: 'Order {{order}}, .' } },
      script: { fallback: '{{day}} {{order}} .' },
    });
    t.same([...unknown].toSorted(), ['day', 'order', 'who']);
    t.same(personalAgent(agent, { contextData: { who: 'Ann', order: 7, day: 'Monday' } }, NOW_MS).unknown, []);
  },
);

void t.test('the time is that of the agent, in its language, unless the call says another', async (t) => {
  const agent = sampleAgent({ startingMessage: '{{current_date}}, {{current_time}}', timezone: 'UTC+02:00', language: 'de-DE' });
  t.equal(settingsOf(agent, {}).startingMessage, 'Samstag, 1. August 2026, 00:05');
  t.equal(settingsOf(agent, { contextData: { current_time: 'Mittag' } }).startingMessage, 'Samstag, 1. August 2026, Mittag');
  t.equal(personalAgent(agent, {}, NOW_MS).personalGreeting, true, 'which makes the greeting one of this call alone');
  t.equal(personalAgent(sampleAgent(), {}, NOW_MS).personalGreeting, false);
});
