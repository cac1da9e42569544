import type { LanguageCues, NumberWords } from './cues.js';

/** What addresses end with, where they are dictated on telephones. */
const ADDRESS_ENDS: ReadonlySet<string> = new Set(
  'com org net edu io eu info gov de uk fr es it at ch be nl us ca ie pt'.split(' '),
);

/** The numbers that the words end with: how many words they are, and about how many digits. */
export function numberAtEnd(spoken: readonly string[], numbers: NumberWords): { words: number; digits: number } {
  const isOther = (word: string): boolean => !isNumber(word, numbers);
  const run = spoken.slice(spoken.findLastIndex(isOther) + 1);
  let digits = 0;
  let afterTens = false;
  for (const word of run) {
    const isTens = numbers.tens.has(word);
    if (/^\d+$/.test(word)) digits += word.length;
    else if (isTens || (numbers.teens.has(word) && !afterTens)) digits += 2;
    else if (!afterTens) digits += 1;
    afterTens = isTens;
  }
  return { words: run.length, digits };
}

/** Any of the words is a number, or part of one. */
export const hasNumber = (spoken: readonly string[], numbers: NumberWords): boolean =>
  spoken.some((word) => isNumber(word, numbers));

/** An e-mail address whose last part has not been heard. */
export function isAddressUnderWay(spoken: readonly string[], { at, separators }: LanguageCues): boolean {
  const last = spoken.at(-1) ?? '';
  if (separators.has(last)) return true;
  return spoken.some((word) => separators.has(word)) && spoken.some((word) => at.has(word)) && !ADDRESS_ENDS.has(last);
}

/** A whole e-mail address was said, or written by a recogniser that knows how. */
export function endsWithAddress(spoken: readonly string[], cues: LanguageCues | undefined): boolean {
  const last = spoken.at(-1) ?? '';
  if (/@.+\.\p{L}{2,}$/u.test(last)) return true;
  return ADDRESS_ENDS.has(last) && spoken.some((word) => word.includes('@') || cues?.at.has(word));
}

const isNumber = (word: string, { units, teens, tens, others }: NumberWords): boolean =>
  /^\d+$/.test(word) || units.has(word) || teens.has(word) || tens.has(word) || others.has(word);
