import type { Expectation } from '../domain/expectation.js';
import type { Vocabulary } from '../domain/ports/speech.js';
import { cuesOf, type LanguageCues } from './language/cues.js';
import { endsWithAddress, hasNumber, isAddressUnderWay, numberAtEnd } from './language/dictation.js';
import { announcesDigits } from './language/questions.js';
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
  /** That the caller is done, as far as a model can tell by the sound (0 to 1); undefined where none has said. */
  doneProbability?: number | undefined;
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

/** From here on the caller sounds done. */
const DONE_PROBABILITY = 0.5;

/** Silence, text and sound: a finished sentence is answered soon, a dangling one or a number being dictated is waited for. */
export const silenceAndText: EndpointPolicy = (input) => {
  const { text, language, expectation } = input;
  const spoken = wordsOf(text);
  const cues = cuesOf(language);
  const wanted = expectation && expectedWait(expectation, spoken, cues);
  return wanted ?? bySound(textWait(input, spoken, cues), input.doneProbability);
};

/** Sound tells where text does not; of a dangling word or a number it is not asked. */
function bySound(textMs: number, doneProbability: number | undefined): number {
  if (doneProbability === undefined || textMs > NEUTRAL_WAIT_MS) return textMs;
  if (doneProbability >= DONE_PROBABILITY) return COMPLETE_MS;
  return textMs < NEUTRAL_WAIT_MS ? NEUTRAL_WAIT_MS : UNFINISHED_MS;
}

function textWait(
  { text, language, expected }: EndpointInput,
  spoken: readonly string[],
  cues: LanguageCues | undefined,
): number {
  const last = spoken.at(-1);
  if (last === undefined) return NEUTRAL_WAIT_MS;
  const ended = /[.!?]["')]*\s*$/u.test(text);
  if (cues && isUnfinished(spoken, last, ended, { cues, language })) return UNFINISHED_MS;
  if (/(?:\.\.\.|…|,|-)\s*$/u.test(text)) return UNFINISHED_MS;
  if (ended || cues?.answers.has(last)) return COMPLETE_MS;
  return expected.has(spoken.join(' ')) ? COMPLETE_MS : NEUTRAL_WAIT_MS;
}

/** Calls of one agent share its vocabulary. */
const sentencesByVocabulary = new WeakMap<Vocabulary, ReadonlySet<string>>();

/** A vocabulary's sentences in the form in which transcripts are compared with them. */
export function completeSentences(vocabulary: Vocabulary): ReadonlySet<string> {
  const known =
    sentencesByVocabulary.get(vocabulary) ?? new Set(vocabulary.sentences.map((sentence) => wordsOf(sentence).join(' ')));
  sentencesByVocabulary.set(vocabulary, known);
  return known;
}

type Tongue = { cues: LanguageCues; language: string };

function isUnfinished(spoken: readonly string[], last: string, ended: boolean, { cues, language }: Tongue): boolean {
  if (cues.trailing.has(last) || cues.fillers.has(last)) return true;
  if (isAddressUnderWay(spoken, cues)) return true;
  // Recognisers that punctuate write years and times like this; a longer number may still go on.
  const yearOrTime = ended && /^\d{4}$/.test(last);
  return !yearOrTime && isNumberUnderWay(spoken, cues, language);
}

/** One number alone ("at nine") is no dictation, unless the caller calls it one ("my number is nine"). */
function isNumberUnderWay(spoken: readonly string[], { numbers }: LanguageCues, language: string): boolean {
  const { words, digits } = numberAtEnd(spoken, numbers);
  const isDictated = words >= 2 || digits >= 3 || (words === 1 && announcesDigits(spoken, language));
  return isDictated && digits < WHOLE_NUMBER_DIGITS;
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
  // A word among them that is none was heard wrongly, or is a thought aloud: more of the number comes.
  // And one word alone is often the first digit, which no other words help to understand.
  if (heard === 0) return spoken.length <= 1 || isAmongDigits(spoken, cues) ? UNFINISHED_MS : undefined;
  if (count !== undefined) return heard >= count ? EXPECTED_MS : EXPECTED_DIGITS_MS;
  return heard < WHOLE_NUMBER_DIGITS ? UNFINISHED_MS : NEUTRAL_WAIT_MS;
}

const isAmongDigits = (spoken: readonly string[], cues: LanguageCues | undefined): boolean =>
  cues !== undefined && hasNumber(spoken, cues.numbers) && !cues.answers.has(spoken.at(-1) ?? '');

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
