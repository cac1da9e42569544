import type { Clock } from '../../core/clock.js';

/** More sources at once than this share the oldest's fate: they start anew. */
const MAX_SOURCES = 10_000;

/** A bucket that holds one second's worth and refills steadily. */
class Bucket {
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    // Less than one a second is still one at a time.
    this.#tokens = Math.max(1, perSecond);
    this.#atMs = nowMs;
  }

  /** What is there, in parts of what it can hold. */
  level(nowMs: number): number {
    const most = Math.max(1, this.#perSecond);
    this.#tokens = Math.min(most, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    return this.#tokens / most;
  }

  get hasOne(): boolean {
    return this.#tokens >= 1;
  }

  take(): void {
    this.#tokens -= 1;
  }
}

/** So many a second of all, and so many of each source. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perSourcePerSecond: number;
  readonly #all: Bucket;
  readonly #bySource = new Map<string, Bucket>();

  constructor(clock: Clock, perSecond: number, perSourcePerSecond: number) {
    this.#clock = clock;
    this.#perSourcePerSecond = perSourcePerSecond;
    this.#all = new Bucket(perSecond, clock.monotonicMs());
  }

  /** `source`: absent for those without a limit of their own. `keep`: the part that is left to others, from 0 to 1. */
  take(source: string | undefined, keep: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (this.#all.level(nowMs) < keep || !this.#all.hasOne) return false;
    if (source !== undefined) {
      const own = this.#ownOf(source, nowMs);
      own.level(nowMs);
      if (!own.hasOne) return false;
      own.take();
    }
    this.#all.take();
    return true;
  }

  #ownOf(source: string, nowMs: number): Bucket {
    let own = this.#bySource.get(source);
    if (own) return own;
    own = new Bucket(this.#perSourcePerSecond, nowMs);
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size >= MAX_SOURCES && oldest !== undefined) this.#bySource.delete(oldest);
    this.#bySource.set(source, own);
    return own;
  }
}
