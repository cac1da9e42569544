import { AUDIO_RATE_HZ } from '../domain/ports/media.js';

/** Of text whose audio is not complete yet, the rest is taken to be spoken at this pace. */
const CHARS_PER_SECOND = 15;

type Clause = { text: string; startPosition: number; endPosition: number; complete: boolean; isFiller: boolean };

/** Which words lie where in the playout queue, so that a position tells what has been heard. */
export class HeardLedger {
  readonly #clauses: Clause[] = [];

  /** The next clause's audio begins at this playout position. Returns its index. */
  begin(text: string, startPosition: number, isFiller = false): number {
    return this.#clauses.push({ text, startPosition, endPosition: startPosition, complete: false, isFiller }) - 1;
  }

  /** The present clause has these words too. */
  append(text: string): void {
    const clause = this.#clauses.at(-1);
    if (clause) clause.text += text;
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

  /** Of one clause, in order: how much had been sent at `position`, and whether that was all. */
  sentOf(index: number, position: number): { samples: number; all: boolean } {
    const clause = this.#clauses[index];
    if (!clause) return { samples: 0, all: false };
    return { samples: sentSamples(clause, position), all: clause.complete && position >= clause.endPosition };
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
    return this.#clauses.reduce((sum, clause) => sum + (clause.isFiller ? 0 : sentSamples(clause, position)), 0);
  }
}

const sentSamples = ({ startPosition, endPosition }: Clause, position: number): number =>
  Math.max(0, Math.min(position, endPosition) - startPosition);

function heardOf(clause: Clause, position: number): string {
  const { startPosition, endPosition, complete } = clause;
  const text = clause.text.trim();
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
