import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { DateTime } from 'luxon';
import type { CollectedField, ValueType } from '../../domain/action.js';
import { spokenDigit, spokenNumber } from './number-words.js';
import { spelled } from './spelling.js';
import { spokenDate, spokenTime } from './spoken-date.js';

/** Where and when something is said, which dates and numbers depend on. */
export type Occasion = { nowMs: number; timezone: string; language: string };

type Field = Omit<CollectedField, 'name' | 'label'>;
type Reader = (words: string, field: Field, occasion: Occasion) => string | number | boolean | undefined;

const MAX_CHARACTERS = 1_000;

/** What the type is called where a value is not of it. */
const EXPECTED: Readonly<Record<ValueType, string>> = {
  text: 'a text',
  name: 'a name',
  spelled: 'a word, or its letters one by one',
  email: 'an e-mail address',
  phone: 'a complete telephone number',
  date: 'a date',
  time: 'a time of day',
  number: 'a number',
  boolean: 'yes or no',
};

export type Reading = { value: string | number | boolean } | { fault: string };

/** What was said, as the value it stands for; or what is wrong with it, in words for the model. */
export function readValue(said: unknown, field: Field, occasion: Occasion): Reading {
  const words = typeof said === 'string' ? said.trim() : '';
  const value = words === '' || words.length > MAX_CHARACTERS ? undefined : READERS[field.type](words, field, occasion);
  if (value === undefined) return { fault: `is not ${EXPECTED[field.type]}` };
  if (!field.options?.length) return { value };
  const option = field.options.find((one) => folded(one) === folded(String(value)));
  return option === undefined ? { fault: `is none of: ${field.options.join(', ')}` } : { value: option };
}

const READERS: Readonly<Record<ValueType, Reader>> = {
  text: (words) => words,
  name: (words) => nameOf(spelled(words) ?? words),
  spelled: (words) => spelled(words)?.toUpperCase() ?? (/^\S+$/.test(words) ? words : undefined),
  email: emailOf,
  phone: (words, { country }, { language }) => phoneOf(words, country ?? new Intl.Locale(language).maximize().region),
  date: (words, _, { nowMs, timezone, language }) =>
    spokenDate(words, DateTime.fromMillis(nowMs, { zone: timezone }).startOf('day'), language),
  time: spokenTime,
  number: spokenNumber,
  boolean: (words) => {
    if (/^(yes|yeah|yep|true|correct|right|sure|of course|1)\b/i.test(words)) return true;
    return /^(no|nope|false|wrong|not|0)\b/i.test(words) ? false : undefined;
  },
};

const folded = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** `john o'neil` as it is written; what has capitals already stands as it is. */
const nameOf = (words: string): string =>
  /\p{Lu}/u.test(words)
    ? words
    : words.replace(/(^|[\s'’-])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

const EMAIL = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const EMAIL_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\s+(?:at|@)\s+/g, '@'],
  [/\s*\b(?:dot|point|period)\b\s*/g, '.'],
  [/\s*\bunderscore\b\s*/g, '_'],
  [/\s*\b(?:dash|hyphen|minus)\b\s*/g, '-'],
  [/\s*\bplus\b\s*/g, '+'],
];

/** `John dot Smith at example dot com`, with parts of it spelled or not. */
function emailOf(words: string): string | undefined {
  let text = words.toLowerCase().replace(/[.,;\s]+$/, '');
  for (const [pattern, mark] of EMAIL_WORDS) text = text.replace(pattern, mark);
  const [local = '', domain = ''] = text.split('@');
  const address = `${joined(local)}@${joined(domain)}`;
  return EMAIL.test(address) && address.length <= 254 ? address : undefined;
}

/** Letters one by one, or words, between the marks, as one word each. */
const joined = (text: string): string =>
  text
    .split(/([._+-])/)
    .map((part) => (/\s/.test(part.trim()) ? (spelled(part) ?? part.replace(/\s+/g, '')) : part.trim()))
    .join('');

function phoneOf(words: string, country: string | undefined): string | undefined {
  const digits = words
    .toLowerCase()
    .replace(/\bplus\b/g, '+')
    .replace(/\b(double|triple)\s+(\w+)/g, (_, times: string, word: string) => `${word} `.repeat(times === 'double' ? 2 : 3))
    .split(/\s+/)
    .map((word) => spokenDigit(word.replace(/,$/, '')) ?? word)
    .join('');
  const number = parsePhoneNumberFromString(digits, country as CountryCode | undefined);
  return number?.isValid() ? number.number : undefined;
}
