import type { Vocabulary } from '../domain/ports/speech.js';
import { wordsOf } from './spoken-words.js';

/** What is known when the caller falls silent. */
export type EndpointInput = {
  /** Everything heard in this turn so far; may be empty. */
  text: string;
  /** BCP 47. */
  language: string;
  /** Complete things the caller is expected to say, from `completeSentences`: without punctuation there is no other sign of an end. */
  expected: ReadonlySet<string>;
};

/** How much silence ends the turn, in ms after the caller's last speech. Pure, so that it can be swapped. */
export type EndpointPolicy = (input: EndpointInput) => number;

const COMPLETE_MS = 350;
const NEUTRAL_MS = 600;
const UNFINISHED_MS = 1_500;
/** No policy may leave the caller waiting for longer. */
export const ENDPOINT_CAP_MS = 3_000;

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));
/** Nobody ends a sentence with these. */
const TRAILING = words(
  'and but or so because if that than the a an to of for from with without my your our their his is are was were am will would could ' +
    'at in on by about into like between until unless while when where which who whose i we',
);
const FILLERS = words('um uh er erm hmm hm well');
const NUMBERS = words(
  'zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen ' +
    'twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double triple plus point dash minus',
);
/** Fewer digits than any telephone number has. */
const WHOLE_NUMBER_DIGITS = 10;
/** With a dot or an underscore spoken, an address is under way until its last part. */
const ADDRESS_PARTS = words('dot underscore hyphen');
const ADDRESS_ENDS = words('com org net edu de uk io eu info gov');
const ANSWERS = words('yes no yeah nope yep thanks goodbye bye hello hi please sure stop');

/** Silence and text: a finished sentence is answered soon, a dangling one or a number being dictated is waited for. */
export const silenceAndText: EndpointPolicy = ({ text, language, expected }) => {
  const spoken = wordsOf(text);
  const last = spoken.at(-1);
  if (last === undefined) return NEUTRAL_MS;
  const english = language.toLowerCase().startsWith('en');
  const ended = /[.!?]["')]*\s*$/u.test(text);
  // Recognisers that punctuate write years and times like this; a longer number may still go on.
  const yearOrTime = ended && /^\d{4}$/.test(last);
  if (english && (TRAILING.has(last) || FILLERS.has(last) || (!yearOrTime && dictating(spoken)))) return UNFINISHED_MS;
  if (/(?:\.\.\.|…|,|-)\s*$/u.test(text)) return UNFINISHED_MS;
  if (ended) return COMPLETE_MS;
  if (english && ANSWERS.has(last)) return COMPLETE_MS;
  return expected.has(spoken.join(' ')) ? COMPLETE_MS : NEUTRAL_MS;
};

/** Calls of one agent share its vocabulary. */
const sentencesByVocabulary = new WeakMap<Vocabulary, ReadonlySet<string>>();

/** A vocabulary's sentences in the form in which transcripts are compared with them. */
export function completeSentences(vocabulary: Vocabulary): ReadonlySet<string> {
  const known =
    sentencesByVocabulary.get(vocabulary) ?? new Set(vocabulary.sentences.map((sentence) => wordsOf(sentence).join(' ')));
  sentencesByVocabulary.set(vocabulary, known);
  return known;
}

/** A number or an e-mail address whose end has not been heard. One number alone ("at nine") is no dictation. */
function dictating(spoken: readonly string[]): boolean {
  const last = spoken.at(-1) ?? '';
  if (ADDRESS_PARTS.has(last)) return true;
  if (spoken.some((word) => ADDRESS_PARTS.has(word)) && spoken.includes('at') && !ADDRESS_ENDS.has(last)) return true;
  let parts = 0;
  let digits = 0;
  for (const word of spoken.toReversed()) {
    if (!NUMBERS.has(word) && !/^\d+$/.test(word)) break;
    parts += 1;
    digits += /^\d+$/.test(word) ? word.length : 1;
  }
  return (parts >= 2 || digits >= 3) && digits < WHOLE_NUMBER_DIGITS;
}
