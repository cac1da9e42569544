import type { Clock } from '../../core/clock.js';
import { toError } from '../../core/errors.js';
import { Attempt, type Candidate, type Opening } from './attempt.js';
import type { StageDeadlines } from './failover.js';

export type RaceOptions<P, T> = {
  /** Asked in this order. */
  candidates: readonly Candidate<P>[];
  open: Opening<P, T>;
  deadlines: StageDeadlines | undefined;
  signal: AbortSignal;
  clock: Clock;
  onFailed: (candidate: Candidate<P>, error: unknown) => void;
};

/** An answer whose first piece is here. */
export type Begun<P, T> = { attempt: Attempt<P, T>; first: IteratorResult<T> };

/** Asks one provider after the other until the first piece of an answer is here. */
export class Race<P, T> {
  readonly #options: RaceOptions<P, T>;
  readonly #queue: Candidate<P>[];
  readonly #running = new Set<Attempt<P, T>>();
  #resolve: (begun: Begun<P, T> | undefined) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(options: RaceOptions<P, T>) {
    this.#options = options;
    this.#queue = [...options.candidates];
  }

  /** Undefined when the signal aborts first. @throws what the last one threw when all of them failed. */
  async run(): Promise<Begun<P, T> | undefined> {
    const { clock, deadlines, signal } = this.#options;
    const unwanted = (): void => this.#resolve(undefined);
    const over = new Promise<Begun<P, T> | undefined>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    signal.addEventListener('abort', unwanted, { once: true });
    if (signal.aborted) unwanted();
    else this.#askNext();
    const { hedgeAfterMs } = deadlines ?? {};
    const cancelHedge = hedgeAfterMs === undefined ? undefined : clock.schedule(hedgeAfterMs, () => this.#hedge());
    try {
      const begun = await over;
      if (begun) this.#running.delete(begun.attempt);
      return begun;
    } finally {
      cancelHedge?.();
      signal.removeEventListener('abort', unwanted);
      // Who was slower is no longer wanted, which says nothing about it.
      for (const attempt of this.#running) attempt.end(undefined);
    }
  }

  /** A second request beside the first; with nobody else, to the same one. */
  #hedge(): void {
    if (this.#running.size > 1) return;
    if (this.#queue.length === 0) this.#queue.push(...this.#options.candidates.slice(0, 1));
    this.#askNext();
  }

  /** False when nobody is left. */
  #askNext(): boolean {
    const candidate = this.#queue.shift();
    if (!candidate) return false;
    const { open, signal, clock, deadlines } = this.#options;
    const attempt = new Attempt({ candidate, open, signal, clock, totalMs: deadlines?.totalMs });
    this.#running.add(attempt);
    attempt.next(this.#queue.length === 0 ? undefined : deadlines?.firstMs).then(
      (first) => this.#resolve({ attempt, first }),
      (error: unknown) => this.#failed(attempt, error),
    );
    return true;
  }

  #failed(attempt: Attempt<P, T>, error: unknown): void {
    // Those that were ended because another one was faster fail too.
    if (!this.#running.delete(attempt) || this.#options.signal.aborted) return;
    attempt.end('failed');
    this.#options.onFailed(attempt.candidate, error);
    if (!this.#askNext() && this.#running.size === 0) this.#reject(toError(error));
  }
}
