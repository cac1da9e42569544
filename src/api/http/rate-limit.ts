import type { Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../../core/errors.js';
import { nowMsOf } from './request-context.js';

const WINDOW_S = 60;

/** Counts requests of each holder of a key, in windows that begin with the holder's first request and last a minute. */
export class RequestLimit {
  readonly #windows: RateLimiterMemory;
  readonly #perMinute: number;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#windows = new RateLimiterMemory({ points: perMinute, duration: WINDOW_S });
  }

  /**
   * Counts one request and says in the answer's headers how many are left. Those over the limit do not lengthen the window.
   *
   * @throws AppError `rate_limited` for one too many.
   */
  async count(res: Response, holder: string): Promise<void> {
    // `penalty` counts as `consume` does, without throwing something that is no error.
    const { consumedPoints, msBeforeNext } = await this.#windows.penalty(holder);
    res.setHeader('X-RateLimit-Limit', this.#perMinute);
    res.setHeader('X-RateLimit-Remaining', Math.max(0, this.#perMinute - consumedPoints));
    res.setHeader('X-RateLimit-Reset', Math.ceil((nowMsOf(res) + msBeforeNext) / 1000));
    if (consumedPoints <= this.#perMinute) return;
    res.setHeader('Retry-After', Math.max(1, Math.ceil(msBeforeNext / 1000)));
    throw new AppError('rate_limited', `more than ${this.#perMinute} requests in a minute`);
  }
}
