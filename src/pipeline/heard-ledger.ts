import { AUDIO_RATE_HZ } from '../domain/ports/media.js';

/** Of text whose audio is not complete yet, the rest is taken to be spoken at this pace. */
const CHARS_PER_SECOND = 15;

type Clause = { text: string; startPosition: number; endPosition: number; complete: boolean; isFiller: boolean };

/** Which words lie where in the playout queue, so that a position tells what has been heard. */
export class HeardLedger {
  readonly #clauses: Clause[] = [];

  /** The next clause's audio begins at this playout position. */
  begin(text: string, startPosition: number, isFiller = false): void {
    this.#clauses.push({ text, startPosition, endPosition: startPosition, complete: false, isFiller });
  }

  /** The present clause's audio reaches up to here so far. */
  extend(endPosition: number): void {
    const clause = this.#clauses.at(-1);
    if (clause) clause.endPosition = endPosition;
  }

  /** No more audio of the present clause will come. */
  complete(): void {
    const clause = this.#clauses.at(-1);
    if (clause) clause.complete = true;
  }

  /** The words that had been sent at `position`; within a clause by proportion, a word counting once half of it was sent. */
  heardText(position: number, fillers = true): string {
    return this.#clauses
      .filter(({ isFiller }) => fillers || !isFiller)
      .map((clause) => heardOf(clause, position))
      .filter((text) => text !== '')
      .join(' ');
  }

  /** How much had been sent of what is no filler. */
  wordSamples(position: number): number {
    const sent = ({ startPosition, endPosition }: Clause): number => Math.max(0, Math.min(position, endPosition) - startPosition);
    return this.#clauses.reduce((sum, clause) => sum + (clause.isFiller ? 0 : sent(clause)), 0);
  }
}

function heardOf(clause: Clause, position: number): string {
  const { text, startPosition, endPosition, complete } = clause;
  if (complete && position >= endPosition) return text;
  const expectedSamples = (text.length / CHARS_PER_SECOND) * AUDIO_RATE_HZ;
  const samples = complete ? endPosition - startPosition : Math.max(endPosition - startPosition, expectedSamples);
  if (position <= startPosition || samples <= 0) return '';
  const heardChars = ((Math.min(position, endPosition) - startPosition) / samples) * text.length;
  let end = 0;
  for (const word of text.matchAll(/\S+/g)) {
    if (word.index + word[0].length / 2 > heardChars) break;
    end = word.index + word[0].length;
  }
  return text.slice(0, end);
}
