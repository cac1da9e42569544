import type { Clock } from '../../core/clock.js';
import type { Target } from './flow.js';

const FIRST_MS = 60_000;
const MOST_MS = 600_000;
const MOST_TARGETS = 1000;

const keyOf = ({ transport, address, port }: Target): string => `${transport}/${address}:${port}`;

/** Targets that did not answer lately: for a while they are tried last, each time they fail again for longer (RFC 3263 section 4.3). */
export class Avoided {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `forMs`: as long as it asked for itself. */
  failed(target: Target, forMs?: number): void {
    const key = keyOf(target);
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const pauseMs = Math.min(forMs ?? FIRST_MS * 2 ** Math.min(count - 1, 10), MOST_MS);
    // The newest stand last, so that the first are those that can be forgotten.
    this.#failures.delete(key);
    this.#failures.set(key, { count, untilMs: this.#clock.monotonicMs() + pauseMs });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST_TARGETS && oldest !== undefined) this.#failures.delete(oldest);
  }

  worked(target: Target): void {
    this.#failures.delete(keyOf(target));
  }

  includes(target: Target): boolean {
    return this.freeInMs(target) > 0;
  }

  /** When it has its turn again; 0: now. */
  freeInMs(target: Target): number {
    const failure = this.#failures.get(keyOf(target));
    return failure === undefined ? 0 : Math.max(0, failure.untilMs - this.#clock.monotonicMs());
  }

  /** In the same order, but those that are avoided after the others. */
  last(targets: readonly Target[]): Target[] {
    return [...targets.filter((target) => !this.includes(target)), ...targets.filter((target) => this.includes(target))];
  }
}
