import { SCRIPT_SLOTS } from '../../domain/agent.js';
import { wordsOf } from './words.js';

export type Slot = (typeof SCRIPT_SLOTS)[number];
export type SlotValues = Partial<Record<Slot, string>>;

/** Words `from` (inclusive) to `to` (exclusive) of an utterance fill a slot. */
export type SlotSpan = { slot: Slot; from: number; to: number };

const set = (words: string): Set<string> => new Set(words.split(' '));

const WEEKDAYS = set('monday tuesday wednesday thursday friday saturday sunday');
const RELATIVE_DAYS = set('today tomorrow tonight weekend');
const MONTHS = set('january february march april may june july august september october november december');
const UNITS = set('zero oh one two three four five six seven eight nine');
const TEENS = set('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen');
const TENS = set('twenty thirty forty fifty sixty seventy eighty ninety');
const ORDINALS = set(
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth',
);
const HOURS = set('one two three four five six seven eight nine ten eleven twelve');
const BEFORE_TIME = set('at around by after before about from until till');
const DAY_PARTS = set('morning afternoon evening');
const NOT_A_NAME = set(
  'a an the and or but please i am is are was calling here from looking trying not so just going interested my your about for to in on at with it that this what how sorry good fine okay ok sure very really',
);

const isDigits = (word: string): boolean => /^\p{N}+(?:[:.,-]\p{N}+)*$/u.test(word);
const isNumber = (word: string): boolean =>
  UNITS.has(word) || TEENS.has(word) || TENS.has(word) || word === 'hundred' || word === 'thousand' || isDigits(word);
const isHour = (word: string): boolean => HOURS.has(word) || /^\d{1,2}(?::\d\d)?$/u.test(word);
const isDate = (word: string): boolean =>
  ORDINALS.has(word) || TEENS.has(word) || HOURS.has(word) || /^\d{1,2}$/u.test(word) || TENS.has(word);

/** Length in words of the day that begins at `i`, 0 when none does. */
function dayAt(words: readonly string[], i: number): number {
  const word = (offset: number): string => words[i + offset] ?? '';
  if (word(0) === 'day' && word(1) === 'after' && word(2) === 'tomorrow') return 3;
  if (['next', 'this', 'coming'].includes(word(0))) {
    if (WEEKDAYS.has(word(1)) || word(1) === 'weekend' || word(1) === 'week') return 2;
    return 0;
  }
  // Recognisers and plural speech give `mondays`.
  if (WEEKDAYS.has(word(0)) || WEEKDAYS.has(word(0).replace(/s$/u, ''))) return 1;
  if (RELATIVE_DAYS.has(word(0))) return DAY_PARTS.has(word(1)) ? 2 : 1;
  if (MONTHS.has(word(0))) {
    const the = word(1) === 'the' ? 1 : 0;
    if (!isDate(word(1 + the))) return 0;
    return TENS.has(word(1 + the)) && ORDINALS.has(word(2 + the)) ? 3 + the : 2 + the;
  }
  if (ORDINALS.has(word(0)) || (TENS.has(word(0)) && ORDINALS.has(word(1)))) {
    const length = TENS.has(word(0)) ? 2 : 1;
    return word(length) === 'of' && MONTHS.has(word(length + 1)) ? length + 2 : 0;
  }
  return 0;
}

/** Length of the clock time that begins at `i`, 0 when none does. A bare number is a time only after `at`, `around`, … */
function timeAt(words: readonly string[], i: number): number {
  const word = (offset: number): string => words[i + offset] ?? '';
  if (word(0) === 'noon' || word(0) === 'midnight' || word(0) === 'lunchtime') return 1;
  if (DAY_PARTS.has(word(0))) return 1;
  if (['half', 'quarter'].includes(word(0)) && ['past', 'to', 'after'].includes(word(1)) && isHour(word(2))) return 3;
  if (/^\d{1,2}:\d\d$/u.test(word(0))) return word(1) === 'am' || word(1) === 'pm' ? 2 : 1;
  if (!isHour(word(0))) return 0;
  let length = 1;
  if (word(length) === 'o' && word(length + 1) === 'clock') length += 2;
  else if (word(length) === 'oclock') length += 1;
  else if (TENS.has(word(length)) || TEENS.has(word(length))) length += UNITS.has(word(length + 1)) ? 2 : 1;
  if (word(length) === 'am' || word(length) === 'pm') length += 1;
  if (word(length) === 'in' && word(length + 1) === 'the' && DAY_PARTS.has(word(length + 2))) length += 3;
  return length > 1 || BEFORE_TIME.has(words[i - 1] ?? '') ? length : 0;
}

function numberAt(words: readonly string[], i: number): number {
  let length = 0;
  while (isNumber(words[i + length] ?? '') || (words[i + length] === 'double' && isNumber(words[i + length + 1] ?? '')))
    length += 1;
  return length;
}

const CUES: readonly (readonly string[])[] = [
  ['name', 'is'],
  ['this', 'is'],
  ['i', 'am'],
  ['call', 'me'],
  ['it', 'is'],
  ['name'],
];

/** The name that follows a cue such as `my name is`; up to three words, none of them an everyday one. */
function nameIn(words: readonly string[]): SlotSpan | undefined {
  for (const cue of CUES) {
    const at = words.findIndex((_, i) => cue.every((word, j) => words[i + j] === word));
    if (at < 0) continue;
    const from = at + cue.length;
    let to = from;
    while (to < words.length && to - from < 3 && !NOT_A_NAME.has(words[to]!) && !isNumber(words[to]!)) to += 1;
    if (to > from) return { slot: 'name', from, to };
  }
  return undefined;
}

/** Everything in the utterance that could fill a slot. Spans of different slots may overlap (`at nine` is a time and a number). */
export function findSlots(words: readonly string[]): SlotSpan[] {
  const spans: SlotSpan[] = [];
  const finders = { day: dayAt, time: timeAt, number: numberAt } as const;
  for (const slot of ['day', 'time', 'number'] as const) {
    for (let i = 0; i < words.length; i++) {
      const length = finders[slot](words, i);
      if (length === 0) continue;
      spans.push({ slot, from: i, to: i + length });
      i += length - 1;
    }
  }
  const name = nameIn(words);
  return name ? [...spans, name] : spans;
}

/** A word as it is written in a reply. */
function written(word: string, slot: Slot): string {
  if (word === 'oclock') return "o'clock";
  const singular = word.replace(/s$/u, '');
  const isProper = slot === 'name' || MONTHS.has(word) || WEEKDAYS.has(singular);
  const base = WEEKDAYS.has(singular) ? singular : word;
  return isProper ? base.slice(0, 1).toUpperCase() + base.slice(1) : base;
}

/** The first value of each slot, as an agent would say it back. */
export function slotValues(text: string): SlotValues {
  const words = wordsOf(text);
  const values: SlotValues = {};
  for (const { slot, from, to } of findSlots(words)) {
    values[slot] ??= words
      .slice(from, to)
      .map((word) => written(word, slot))
      .join(' ');
  }
  return values;
}

const MISSING: SlotValues = { day: 'that day', time: 'that time', number: 'that number' };
const PLACEHOLDER = /(,?\s*)\{\{\s*([\w-]+)\s*\}\}/gu;

const isSlot = (name: string): name is Slot => (SCRIPT_SLOTS as readonly string[]).includes(name);

/** The slots a reply repeats. */
export function slotsInReply(reply: string): Slot[] {
  return [...reply.matchAll(PLACEHOLDER)].map((match) => match[2]!).filter(isSlot);
}

/** Fills `{{day}}`; what is not known becomes `that day`, or vanishes with its comma (`Hello, {{name}}.` -> `Hello.`). Other names stay. */
export function fillReply(reply: string, values: SlotValues): string {
  return reply
    .replace(PLACEHOLDER, (placeholder, lead: string, name: string) => {
      if (!isSlot(name)) return placeholder;
      const value = values[name] ?? MISSING[name];
      return value === undefined ? '' : lead + value;
    })
    .trim();
}

const EXAMPLES: Readonly<Record<Slot, readonly string[]>> = {
  day: [...WEEKDAYS, 'today', 'tomorrow', 'next week', 'next monday', 'next friday', 'the day after tomorrow', 'the weekend'],
  time: [
    ...HOURS,
    'nine thirty',
    'half past ten',
    'ten o clock',
    'two in the afternoon',
    'noon',
    'the morning',
    'the afternoon',
    'the evening',
  ],
  number: [
    ...UNITS,
    'one two three',
    'four five six',
    'seven eight nine',
    'zero zero',
    'ten',
    'twelve',
    'twenty',
    'thirty five',
    'a hundred',
  ],
  name: ['john smith', 'mary', 'david brown', 'michael', 'sarah jones', 'anna', 'peter', 'james', 'robert', 'linda'],
};

/** A sample phrase with its slots filled in, once per example value; two slots in one phrase go round together, not crossed. */
export function expandSlots(phrase: string): string[] {
  const slots = SCRIPT_SLOTS.filter((slot) => phrase.includes(`{${slot}}`));
  if (slots.length === 0) return [phrase];
  const variants = Math.max(...slots.map((slot) => EXAMPLES[slot].length));
  return Array.from({ length: variants }, (_, i) =>
    slots.reduce((text, slot) => text.replaceAll(`{${slot}}`, EXAMPLES[slot][i % EXAMPLES[slot].length]!), phrase),
  );
}
