import { CircuitBreaker } from '../../core/circuit-breaker.js';
import type { Clock } from '../../core/clock.js';
import type { OnUsage } from '../../domain/ports/speech.js';
import type { ProviderFailure, ProviderStage } from '../../domain/provider-failure.js';
import type { Metered } from '../../domain/provider-usage.js';
import { faultOf } from '../provider-error.js';
import type { Candidate, Opening } from './attempt.js';
import { type Begun, Race } from './race.js';

/** How long one provider is waited for before the next one is asked. Time that the consumer takes does not count. */
export type StageDeadlines = {
  /** Up to the first piece of the answer. The last provider that is left has what time the conversation gives it. */
  firstMs: number;
  /** Up to each further piece. */
  nextMs: number;
  /** For all of it. */
  totalMs: number;
  /** When the first piece has not come by then, a second request is sent to whoever is next, and the faster one is taken. */
  hedgeAfterMs?: number | undefined;
};

/** A provider of whose last requests so many failed is asked last for a while. */
export type BreakerSettings = { windowRequests: number; minimumRequests: number; failurePercent: number; openMs: number };

export function candidateOf<P>(name: string, provider: P, clock: Clock, breaker: BreakerSettings): Candidate<P> {
  const { windowRequests: windowCalls, minimumRequests: minimumCalls, ...rest } = breaker;
  return { name, provider, breaker: new CircuitBreaker(clock, { windowCalls, minimumCalls, ...rest }, () => undefined) };
}

export type FailoverOptions<P> = {
  stage: ProviderStage;
  /** In the order in which they are asked. */
  candidates: readonly Candidate<P>[];
  /** Undefined: nobody is in a hurry, only failures count. */
  deadlines: StageDeadlines | undefined;
  clock: Clock;
  onFailure: (failure: ProviderFailure, error: unknown) => void;
  onUsage?: ((provider: string, metered: Metered) => void) | undefined;
};

/** A provider failed after part of its answer was passed on. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
  readonly failure: ProviderFailure;
  constructor(failure: ProviderFailure, cause: unknown) {
    super(`${failure.provider} broke off`, { cause });
    this.failure = failure;
  }
}

/** Lets the first provider that can serve a request; those that failed lately are asked last. */
export class Failover<P> {
  readonly #options: FailoverOptions<P>;
  /** Whose answer began last. */
  servedBy: string | undefined;

  constructor(options: FailoverOptions<P>) {
    this.#options = options;
  }

  /** Who would be asked now, the best first; all of them, as somebody must answer. */
  order(): readonly Candidate<P>[] {
    const { candidates } = this.#options;
    const isWell = ({ breaker }: Candidate<P>): boolean => breaker.waitMs() === 0;
    return [...candidates.filter(isWell), ...candidates.filter((candidate) => !isWell(candidate))];
  }

  /**
   * The answer of one provider as it comes. Ends early and quietly when `signal` aborts. An answer that has begun is not begun
   * again by another provider: who broke off is reported by whoever catches it. `broken`: who did so with this request; it is
   * not asked again.
   *
   * @throws BrokenOff in the middle of an answer; what the last provider threw when all of them failed.
   */
  async *stream<T>(signal: AbortSignal, open: Opening<P, T>, broken?: BrokenOff): AsyncGenerator<T> {
    const begun = await this.#begin(signal, open, broken);
    if (!begun) return;
    const { attempt, first } = begun;
    let failed = false;
    try {
      for (let next = first; !next.done; next = await attempt.next(this.#options.deadlines?.nextMs)) {
        if (signal.aborted) return;
        yield next.value;
      }
    } catch (error) {
      if (signal.aborted) return;
      failed = true;
      throw new BrokenOff(this.#failure(attempt.candidate, error), error);
    } finally {
      attempt.end(failed ? 'failed' : 'carried');
    }
  }

  /** For a request to that provider. */
  meter(provider: string): OnUsage {
    return (metered) => this.#options.onUsage?.(provider, metered);
  }

  /** Nobody goes on where it broke off. */
  report({ failure, cause }: BrokenOff): void {
    this.#options.onFailure(failure, cause);
  }

  /** Undefined when nobody wants it any more. What failed on the way is reported once it is known who did it instead. */
  async #begin<T>(signal: AbortSignal, open: Opening<P, T>, broken?: BrokenOff): Promise<Begun<P, T> | undefined> {
    const { clock, deadlines, onFailure } = this.#options;
    const failures: { failure: ProviderFailure; error: unknown }[] = [];
    if (broken) failures.push({ failure: broken.failure, error: broken.cause });
    const candidates = this.order().filter(({ name }) => name !== broken?.failure.provider);
    const onFailed = (candidate: Candidate<P>, error: unknown): void => {
      failures.push({ failure: this.#failure(candidate, error), error });
    };
    let instead: string | undefined;
    try {
      if (broken && candidates.length === 0) throw broken.cause;
      const begun = await new Race({ candidates, open, deadlines, signal, clock, onFailed }).run();
      instead = begun?.attempt.candidate.name;
      if (instead !== undefined) this.servedBy = instead;
      return begun;
    } finally {
      for (const { failure, error } of failures) onFailure({ ...failure, instead }, error);
    }
  }

  #failure({ name: provider }: Candidate<P>, error: unknown): ProviderFailure {
    const { stage, clock } = this.#options;
    return { atMs: clock.nowMs(), stage, provider, ...faultOf(error), instead: undefined };
  }
}
