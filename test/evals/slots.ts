import { type AgentLine, agentWords, type Judged, type Script } from './agent-line.js';
import { AT_ONCE, type Figure, percent, VOICES } from './suites.js';

const INTENTS = [
  {
    name: 'when',
    phrases: ['i would like to come on {day} at {time}', 'can i come on {day} at {time}', 'on {day} at {time} please'],
    reply: 'So {{day}} at {{time}}.',
  },
  { name: 'who', phrases: ['my name is {name}', 'this is {name} speaking'], reply: 'So {{name}}.' },
  { name: 'how-many', phrases: ['we are {number} people', 'a table for {number}'], reply: 'So {{number}}.' },
];

/** What is said, and what of it the agent has to repeat. */
const CASES: readonly [string, readonly string[]][] = [
  ['I would like to come on Monday at nine', ['monday', 'nine']],
  ['can I come on Thursday at five thirty', ['thursday', 'five thirty']],
  ['on Saturday at ten please', ['saturday', 'ten']],
  ['my name is James', ['james']],
  ['this is Linda speaking', ['linda']],
  ['we are four people', ['four']],
  ['a table for twelve', ['twelve']],
];

/** Whether what callers fill in is what the agent has heard. */
export async function slots(line: AgentLine): Promise<Figure[]> {
  const agent = await line.createAgent({
    starting_message: 'How can I help?',
    script: { intents: INTENTS, fallback: 'Pardon?' },
  });
  const cases = VOICES.flatMap((voice) => CASES.map(([saying, values]) => ({ saying, values, voice })));
  const scripts = await Promise.all(
    cases.map(async ({ saying, voice }): Promise<Script> => {
      const spoken = await line.say(saying, voice);
      return async (caller) => {
        await caller.listen();
        await caller.say(spoken);
        await caller.hearAnswer();
        await caller.wait(1_500);
      };
    }),
  );
  const calls = await line.call(agent, scripts, AT_ONCE);
  const wanted = cases.flatMap(({ values }, index) => values.map((value) => ({ value, call: calls[index] })));
  const right = wanted.filter(({ value, call }) => call && repeated(call).includes(` ${value} `));
  return [
    {
      eval: 'slots',
      figure: 'days, times, names, numbers filled rightly',
      n: wanted.length,
      value: percent(right.length, wanted.length),
      unit: '%',
    },
  ];
}

const repeated = (call: Judged): string => ` ${(agentWords(call).at(-1) ?? '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
