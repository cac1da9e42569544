import { joined } from '../bench/caller-speech.js';
import { audibleBetween } from '../bench/line-analysis.js';
import { recordedPrompt } from '../bench/recorded-voices.js';
import { type AgentLine, callerWords, type Judged, type Script } from './agent-line.js';
import { AT_ONCE, type Figure, percent, silence } from './suites.js';
import { wordErrors, wordsOf } from './words.js';

/** The beginning of "five" is fainter than what is taken for sound. */
const DIGIT_MARGIN_MS = 80;
const DIGIT_NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A recorded person who says single digits, and dictates numbers with pauses. */
export async function digits(line: AgentLine): Promise<Figure[]> {
  const agent = await line.createAgent({
    starting_message: 'Which number?',
    script: {
      intents: [{ name: 'number', phrases: ['{number}', 'my number is {number}'], reply: 'Thank you.' }],
      fallback: 'Pardon?',
    },
  });
  const dictate = (number: string, gapMs: number): Script => {
    const spoken = joined(
      number.split('').flatMap((digit) => [recordedPrompt(`digits/${digit}`, undefined, DIGIT_MARGIN_MS), silence(gapMs)]),
    );
    return async (caller) => {
      await caller.listen();
      await caller.say(spoken);
      await caller.hearAnswer();
    };
  };
  const numbers = ['5552394', '01792463', '8834', '60119', '4447'];
  const gaps = [300, 600, 900];
  const dictated = numbers.flatMap((number) => gaps.map((gapMs) => ({ number, gapMs })));
  const calls = await line.call(
    agent,
    dictated.map(({ number, gapMs }) => dictate(number, gapMs)),
    AT_ONCE,
  );
  const single = await line.call(
    agent,
    DIGIT_NAMES.map((_, digit) => dictate(String(digit), 0)),
    AT_ONCE,
  );
  const unheard = single.filter((call) => callerWords(call).join('') === '');
  const cut = calls.filter(
    ({ line: heard, utterances: [spoken] }) => spoken && audibleBetween(spoken.firstMs, spoken.lastMs, heard) >= 100,
  );
  const asWords = (number: string): string[] => number.split('').map((digit) => DIGIT_NAMES[Number(digit)] ?? '');
  const heardWords = (call: Judged): string[] =>
    wordsOf(callerWords(call).join(' ')).flatMap((word) => (/^\d+$/.test(word) ? asWords(word) : [word]));
  const close = calls.filter((call, index) => wordErrors(asWords(dictated[index]?.number ?? ''), heardWords(call)) <= 1);
  return [
    {
      eval: 'digits',
      figure: 'recorded person: single digits missed',
      n: single.length,
      value: percent(unheard.length, single.length),
      unit: '%',
      aim: '<= 3',
    },
    {
      eval: 'digits',
      figure: 'numbers with pauses of 0.3-0.9 s: agent cut in',
      n: calls.length,
      value: percent(cut.length, calls.length),
      unit: '%',
      aim: '< 3',
    },
    {
      eval: 'digits',
      figure: 'numbers heard within one digit',
      n: calls.length,
      value: percent(close.length, calls.length),
      unit: '%',
    },
  ];
}
