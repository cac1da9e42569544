import type { Vocabulary } from '../../../domain/ports/speech.js';

const DIGITS = 'zero oh one two three four five six seven eight nine'.split(' ');
const LEAD_INS = [
  '',
  '',
  '',
  '',
  'it is',
  "it's",
  'my number is',
  'the number is',
  'that is',
  'sure it is',
  'yes it is',
  'um',
  'double',
];
const SENTENCES = 800;
/** A telephone number without its area. */
const LENGTH = 7;

/**
 * What callers say who were asked for digits: every digit after every two others is about as likely. In the script's own vocabulary they
 * are a handful of words among hundreds, and become whatever sounds like them.
 */
export const DICTATED_DIGITS: Vocabulary = { sentences: Array.from({ length: SENTENCES }, (_, i) => sentence(i)) };

/** The same every time, as the vocabulary is known by what is in it. */
function sentence(index: number): string {
  const digits = Array.from({ length: LENGTH }, (_, place) => {
    const mixed = Math.imul(index * LENGTH + place + 1, 2_654_435_761) >>> 16;
    return DIGITS[mixed % DIGITS.length];
  });
  return [LEAD_INS[index % LEAD_INS.length], ...digits].join(' ').trim();
}
