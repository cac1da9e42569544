import type { Expectation } from '../domain/expectation.js';
import type { Vocabulary } from '../domain/ports/speech.js';
import { cuesOf, type LanguageCues } from './language/cues.js';
import { endsWithAddress, isAddressUnderWay, numberAtEnd } from './language/dictation.js';
import { wordsOf } from './spoken-words.js';

/** What is known when the caller falls silent. */
export type EndpointInput = {
  /** Everything heard in this turn so far; may be empty. */
  text: string;
  /** BCP 47. */
  language: string;
  /** Complete things the caller is expected to say, from `completeSentences`: without punctuation there is no other sign of an end. */
  expected: ReadonlySet<string>;
  /** What the agent has asked for. */
  expectation?: Expectation | undefined;
};

/**
 * How much silence ends the turn, in ms after the caller's last speech, where text that tells nothing is waited for
 * `NEUTRAL_WAIT_MS`. Pure, so that it can be swapped.
 */
export type EndpointPolicy = (input: EndpointInput) => number;

export const NEUTRAL_WAIT_MS = 600;
const COMPLETE_MS = 350;
const UNFINISHED_MS = 1_500;
/** What was asked for has been said. */
const EXPECTED_MS = 250;
/** Who looks a number up pauses for longer than between two words. */
const EXPECTED_DIGITS_MS = 2_500;
/** No policy may leave the caller waiting for longer. */
export const ENDPOINT_CAP_MS = 3_000;

/** Fewer digits than any telephone number has. */
const WHOLE_NUMBER_DIGITS = 10;

/** Silence and text: a finished sentence is answered soon, a dangling one or a number being dictated is waited for. */
export const silenceAndText: EndpointPolicy = (input) => {
  const { text, language, expected, expectation } = input;
  const spoken = wordsOf(text);
  const cues = cuesOf(language);
  const wanted = expectation && expectedWait(expectation, spoken, cues);
  if (wanted !== undefined) return wanted;
  const last = spoken.at(-1);
  if (last === undefined) return NEUTRAL_WAIT_MS;
  const ended = /[.!?]["')]*\s*$/u.test(text);
  if (cues && isUnfinished(spoken, last, ended, cues)) return UNFINISHED_MS;
  if (/(?:\.\.\.|…|,|-)\s*$/u.test(text)) return UNFINISHED_MS;
  if (ended || cues?.answers.has(last)) return COMPLETE_MS;
  return expected.has(spoken.join(' ')) ? COMPLETE_MS : NEUTRAL_WAIT_MS;
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

function isUnfinished(spoken: readonly string[], last: string, ended: boolean, cues: LanguageCues): boolean {
  if (cues.trailing.has(last) || cues.fillers.has(last)) return true;
  if (isAddressUnderWay(spoken, cues)) return true;
  // Recognisers that punctuate write years and times like this; a longer number may still go on.
  const yearOrTime = ended && /^\d{4}$/.test(last);
  return !yearOrTime && isNumberUnderWay(spoken, cues);
}

/** One number alone ("at nine") is no dictation. */
function isNumberUnderWay(spoken: readonly string[], { numbers }: LanguageCues): boolean {
  const { words, digits } = numberAtEnd(spoken, numbers);
  return (words >= 2 || digits >= 3) && digits < WHOLE_NUMBER_DIGITS;
}

/** The wait that follows from what was asked for; undefined where the text has to tell. */
function expectedWait(expectation: Expectation, spoken: readonly string[], cues: LanguageCues | undefined): number | undefined {
  const last = spoken.at(-1);
  switch (expectation.kind) {
    case 'digits':
      return digitsWait(expectation.count, spoken, cues);
    case 'email':
      return endsWithAddress(spoken, cues) ? COMPLETE_MS : UNFINISHED_MS;
    case 'yes_no':
      return last !== undefined && cues?.answers.has(last) ? EXPECTED_MS : undefined;
    case 'choice':
      return chosen(expectation.choices ?? [], spoken) ? EXPECTED_MS : undefined;
    case 'date':
      return dateWait(spoken, cues);
    case 'name':
      // It is being spelled.
      return last !== undefined && /^\p{L}$/u.test(last) ? UNFINISHED_MS : undefined;
  }
}

function digitsWait(count: number | undefined, spoken: readonly string[], cues: LanguageCues | undefined): number | undefined {
  const heard = cues ? numberAtEnd(spoken, cues.numbers).digits : spoken.join('').replace(/\D/g, '').length;
  if (heard === 0) return spoken.length === 0 ? UNFINISHED_MS : undefined;
  if (count !== undefined) return heard >= count ? EXPECTED_MS : EXPECTED_DIGITS_MS;
  return heard < WHOLE_NUMBER_DIGITS ? UNFINISHED_MS : NEUTRAL_WAIT_MS;
}

/** A date ends in a number or is the name of a day: neither is the beginning of a dictation. */
function dateWait(spoken: readonly string[], cues: LanguageCues | undefined): number | undefined {
  const last = spoken.at(-1);
  if (last === undefined || !cues) return undefined;
  if (cues.days.has(last)) return COMPLETE_MS;
  return numberAtEnd(spoken, cues.numbers).words > 0 ? NEUTRAL_WAIT_MS : undefined;
}

function chosen(choices: readonly string[], spoken: readonly string[]): boolean {
  const said = ` ${spoken.join(' ')} `;
  return choices.some((choice) => {
    const words = wordsOf(choice).join(' ');
    return words !== '' && said.endsWith(` ${words} `);
  });
}
