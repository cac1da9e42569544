import type { Clock } from '../core/clock.js';

/** The part of all that happened since the last reading which went wrong, of two counters that only go up. */
export function shareSinceLast(read: () => { wrong: number; right: number }): () => number {
  let last = read();
  return () => {
    const now = read();
    const wrong = now.wrong - last.wrong;
    const right = now.right - last.right;
    last = now;
    // Counters that went down were begun anew.
    return wrong > 0 && right >= 0 ? wrong / (wrong + right) : 0;
  };
}

const QUOTA_WINDOW_MS = 30_000;
/** A single refusal says little. */
const FEWEST_REFUSALS = 3;

/** How often the speech providers have lately refused us for asking too much (HTTP status 429). */
export class ProviderQuota {
  readonly #clock: Clock;
  #answers: { atMs: number; refused: boolean }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  onAnswer(statusCode: number): void {
    this.#answers.push({ atMs: this.#clock.monotonicMs(), refused: statusCode === 429 });
  }

  /** Of the answers of the last half minute; 0 while there are few. */
  refusedShare(): number {
    const sinceMs = this.#clock.monotonicMs() - QUOTA_WINDOW_MS;
    this.#answers = this.#answers.filter(({ atMs }) => atMs >= sinceMs);
    const refused = this.#answers.filter((answer) => answer.refused).length;
    return refused < FEWEST_REFUSALS ? 0 : refused / this.#answers.length;
  }
}
