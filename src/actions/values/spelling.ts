import { spokenDigit } from './number-words.js';

/** The ICAO alphabet, and what people say instead of it. */
const LETTER_WORDS = new Map(
  (
    'alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa quebec romeo sierra tango ' +
    'uniform victor whiskey whisky xray yankee zulu'
  )
    .split(' ')
    .map((word) => [word, word.slice(0, 1)]),
);
/** Letters as recognisers write their names. */
const LETTER_NAMES = new Map(
  Object.entries({ ay: 'a', bee: 'b', cee: 'c', see: 'c', dee: 'd', ee: 'e', ef: 'f', gee: 'g', aitch: 'h', jay: 'j', kay: 'k' })
    .concat(Object.entries({ el: 'l', em: 'm', en: 'n', pee: 'p', cue: 'q', queue: 'q', ar: 'r', ess: 's', tee: 't', you: 'u' }))
    .concat(Object.entries({ vee: 'v', ex: 'x', why: 'y', zee: 'z', zed: 'z' })),
);
const MARKS = new Map(
  Object.entries({
    dash: '-',
    hyphen: '-',
    minus: '-',
    dot: '.',
    point: '.',
    period: '.',
    underscore: '_',
    plus: '+',
    slash: '/',
    space: ' ',
  }),
);
const REPEATS = new Map([
  ['double', 2],
  ['triple', 3],
]);
const LIKE = new Set(['as', 'for', 'like']);

/** One character as it is spelled out; undefined for a word that is none. */
function characterOf(word: string): string | undefined {
  if (/^[a-z]$/.test(word)) return word;
  return LETTER_WORDS.get(word) ?? spokenDigit(word) ?? MARKS.get(word) ?? LETTER_NAMES.get(word);
}

/**
 * What was spelled: `S M I T H`, `B as in Bravo, double O, K`, `sierra mike 4 2`. Undefined as soon as a word is no character, so that
 * a word that was simply said is told from one that was spelled.
 */
export function spelled(text: string): string | undefined {
  const words = wordsOf(text);
  let result = '';
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === 'capital') continue;
    const times = REPEATS.get(words[i]!);
    const at = times === undefined ? i : i + 1;
    const character = characterOf(words[at] ?? '');
    if (character === undefined) return undefined;
    result += character.repeat(times ?? 1);
    i = at + exampleAfter(words, at);
  }
  return result === '' ? undefined : result;
}

/** How many words after `at` only say which letter it was: `as in Bravo`, `for Bravo`, `like Bravo`. */
function exampleAfter(words: readonly string[], at: number): number {
  const [next = '', second = ''] = words.slice(at + 1, at + 3);
  if (next === 'as' && second === 'in') return at + 3 < words.length ? 3 : 2;
  return LIKE.has(next) && second.startsWith(words[at] ?? '') ? 2 : 0;
}

/** `double u` is a letter, not two of them. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\bdouble[\s-]?(?:u|you)\b/g, 'w')
    .replace(/\bx[\s-]ray\b/g, 'xray')
    .replace(/(?<=\b[a-z0-9])-(?=[a-z0-9]\b)/g, ' ')
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^[.'"]+|[.'"]+$/g, ''))
    .filter((word) => word !== '');
