import type { CircuitBreaker } from '../../core/circuit-breaker.js';
import type { Clock } from '../../core/clock.js';
import { within } from '../../pipeline/deadline.js';

/** A provider of one stage as all calls share it. */
export type Candidate<P> = { name: string; provider: P; breaker: CircuitBreaker };

/** Asks one provider; what is iterated over is its answer. The signal ends the request. */
export type Opening<P, T> = (provider: P, signal: AbortSignal, name: string) => AsyncIterable<T>;

export type AttemptOptions<P, T> = {
  candidate: Candidate<P>;
  open: Opening<P, T>;
  signal: AbortSignal;
  clock: Clock;
  /** How long all pieces together may be waited for; undefined: for ever. */
  totalMs: number | undefined;
};

/** One request to one provider. */
export class Attempt<P, T> {
  readonly candidate: Candidate<P>;
  readonly #clock: Clock;
  readonly #outer: AbortSignal;
  readonly #abort = new AbortController();
  readonly #items: AsyncIterator<T>;
  readonly #settle: ReturnType<CircuitBreaker['admit']>;
  #leftMs: number;

  constructor({ candidate, open, signal, clock, totalMs = Infinity }: AttemptOptions<P, T>) {
    this.candidate = candidate;
    this.#clock = clock;
    this.#outer = signal;
    this.#leftMs = totalMs;
    this.#settle = candidate.breaker.admit();
    this.#items = opened(open, candidate, AbortSignal.any([signal, this.#abort.signal]));
  }

  /** @throws DeadlineError when it takes longer than `limitMs`, or all pieces together longer than they may. */
  async next(limitMs = Infinity): Promise<IteratorResult<T>> {
    const waiting = Math.min(limitMs, this.#leftMs);
    const sinceMs = this.#clock.monotonicMs();
    try {
      if (!Number.isFinite(waiting)) return await this.#items.next();
      const options = { clock: this.#clock, limitMs: Math.max(0, waiting), signal: this.#outer, what: this.candidate.name };
      return await within(this.#items.next(), options);
    } finally {
      this.#leftMs -= this.#clock.monotonicMs() - sinceMs;
    }
  }

  /** Undefined: nothing is known of how it would have gone. Idempotent; the first result counts. */
  end(result: 'carried' | 'failed' | undefined): void {
    this.#settle(result);
    this.#abort.abort();
    // One that does not heed its signal is told so, but not waited for.
    this.#items.return?.().catch(() => undefined);
  }
}

/** A provider that throws when it is asked fails as one that throws later. */
async function* opened<P, T>(
  open: Opening<P, T>,
  { provider, name }: Candidate<P>,
  signal: AbortSignal,
): AsyncGenerator<T, void, void> {
  yield* open(provider, signal, name);
}
