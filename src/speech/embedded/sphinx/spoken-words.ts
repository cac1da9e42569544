import { SLOT_VALUES } from './caller-phrases.js';

const ONES = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
].flatMap((words) => words.split(' '));
const TENS = ['', '', ...'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')];
/** Longer digit strings are read out one by one, as are those that begin with zero: they are numbers of phones, not of things. */
const MAX_COUNTED_DIGITS = 4;
/** A phrase with slots becomes this many phrases; more would drown the phrases without. */
const VARIANTS_PER_PHRASE = 6;
const MAX_WORDS = 60;
const MAX_WORD_CHARS = 30;
const SLOT = /\{+\s*([\w-]+)\s*\}+/g;

/** A sentence as the words a caller would say: lower case, no punctuation, numbers spelled out. */
export function spokenWords(sentence: string): string[] {
  return sentence
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[‘’ʼ`]/g, "'")
    .replace(/(?<![a-z'])([ap])\.?\s?m\.?(?![a-z'])/g, ' $1.m. ')
    .replace(/(\d{1,2}):(\d\d)\b/g, (_, hours: string, minutes: string) => `${hours} ${minutes === '00' ? '' : minutes}`)
    .replace(/(\d),(\d{3})\b/g, '$1$2')
    .replace(/\$\s?(\d+)/g, '$1 dollars')
    .replace(/&/g, ' and ')
    .replace(/%/g, ' percent ')
    .replace(/\d+/g, (digits) => ` ${numberInWords(digits)} `)
    .split(/[^a-z'.]+/)
    .map((word) => (/^[ap]\.m\.$/.test(word) ? word : word.replace(/\./g, '').replace(/^'+|'+$/g, '')))
    .filter((word) => word !== '' && word.length <= MAX_WORD_CHARS)
    .slice(0, MAX_WORDS);
}

function numberInWords(digits: string): string {
  if (digits.length > MAX_COUNTED_DIGITS || (digits.startsWith('0') && digits.length > 1)) {
    return Array.from(digits.slice(0, MAX_WORDS), (digit) => ONES[Number(digit)]).join(' ');
  }
  return countInWords(Number(digits));
}

function countInWords(value: number): string {
  if (value < 20) return ONES[value] ?? '';
  if (value < 100) return `${TENS[Math.floor(value / 10)]}${value % 10 === 0 ? '' : ` ${ONES[value % 10]}`}`;
  const [unit, name] = value < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const rest = value % unit;
  return `${countInWords(Math.floor(value / unit))} ${name}${rest === 0 ? '' : ` ${countInWords(rest)}`}`;
}

/**
 * A phrase with its slots (`{day}`, `{time}`, …) filled in several ways; `turn` moves on through the values, so that many phrases use
 * all of them. A slot nobody knows is left out.
 */
export function fillSlots(phrase: string, turn: number): string[] {
  const slots = [...phrase.matchAll(SLOT)].flatMap((match) => SLOT_VALUES[match[1]?.toLowerCase() ?? ''] ?? []);
  if (slots.length === 0) return [phrase.replace(SLOT, ' ')];
  return Array.from({ length: VARIANTS_PER_PHRASE }, (_, variant) => {
    let position = turn * VARIANTS_PER_PHRASE + variant;
    return phrase.replace(SLOT, (_slot, name: string) => {
      const values = SLOT_VALUES[name.toLowerCase()] ?? [''];
      // Each further slot starts elsewhere, or the first day would always come with the first hour.
      position = position * 3 + 1;
      return values[position % values.length] ?? '';
    });
  });
}
