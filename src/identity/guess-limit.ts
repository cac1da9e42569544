import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../core/errors.js';

const WINDOW_S = 15 * 60;
/** People who mistype stop before, machines that guess get nowhere. */
const PER_ACCOUNT = 10;
/** A whole office may share an address. */
const PER_ADDRESS = 100;

/**
 * How often a password may be wrong in a quarter of an hour, for one account and from one address.
 *
 * Whoever guesses at an account keeps its owner from logging in meanwhile; sessions there are stay as they are.
 */
export class GuessLimit {
  readonly #accounts = new RateLimiterMemory({ points: PER_ACCOUNT, duration: WINDOW_S, keyPrefix: 'account' });
  readonly #addresses = new RateLimiterMemory({ points: PER_ADDRESS, duration: WINDOW_S, keyPrefix: 'address' });

  /**
   * Runs `check`, which says whether the password was right. It is counted before, or guesses made at once would all pass.
   *
   * @throws AppError `rate_limited` for one too many, without running it.
   */
  async guard(account: string, address: string, check: () => Promise<boolean>): Promise<boolean> {
    const counted = await Promise.all([this.#accounts.penalty(account), this.#addresses.penalty(address)]);
    const [ofAccount, ofAddress] = counted;
    const waitsMs = [
      ofAccount.consumedPoints > PER_ACCOUNT ? ofAccount.msBeforeNext : 0,
      ofAddress.consumedPoints > PER_ADDRESS ? ofAddress.msBeforeNext : 0,
    ];
    const retryAfterMs = Math.max(...waitsMs);
    if (retryAfterMs > 0) {
      throw new AppError('rate_limited', 'too many wrong passwords', {
        publicMessage: 'Too many attempts: wait before you try again',
        retryAfterMs,
      });
    }
    const right = await check();
    if (right) await Promise.all([this.#accounts.delete(account), this.#addresses.reward(address)]);
    return right;
  }
}
