import { compare, hash } from 'bcrypt';
import { AppError } from '../core/errors.js';

/** About a quarter of a second of one core on a server of 2025. */
const COST = 12;
/** bcrypt looks at no more: a longer password would be as good as its beginning. */
const MAX_BYTES = 72;
const MIN_CHARACTERS = 12;
/** Each is a quarter of a second of a thread that others wait for as well. */
const MAX_WAITING = 32;

/**
 * Hashes passwords by bcrypt, one at a time, so that a wave of logins takes one core and not all of them from the calls.
 *
 * Passwords are compared as Unicode in its composed form (RFC 8265 section 4.2.2), however a keyboard makes its letters.
 */
export class Passwords {
  readonly #cost: number;
  /** Of no password: what is compared when there is no user, so that it takes as long. */
  readonly #nobodys: Promise<string>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor({ cost = COST }: { cost?: number } = {}) {
    this.#cost = cost;
    this.#nobodys = hash('nobody has this', cost);
  }

  /** @throws AppError `invalid_request` naming `field` for one that is too short or too long. */
  async hash(password: string, field = 'password'): Promise<string> {
    const composed = password.normalize('NFC');
    const fault =
      composed.length < MIN_CHARACTERS
        ? `must have at least ${MIN_CHARACTERS} characters`
        : Buffer.byteLength(composed) > MAX_BYTES
          ? `must not be longer than ${MAX_BYTES} bytes in UTF-8`
          : undefined;
    if (fault !== undefined) {
      throw new AppError('invalid_request', `password ${fault}`, { faults: [{ field, message: fault }] });
    }
    return await this.#inTurn(() => hash(composed, this.#cost));
  }

  /** Takes as long without a hash, and is then false. @throws AppError `capacity_exhausted` when too many wait. */
  async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    const composed = password.normalize('NFC');
    const against = passwordHash ?? (await this.#nobodys);
    const same = await this.#inTurn(() => compare(composed, against));
    return same && passwordHash !== undefined && Buffer.byteLength(composed) <= MAX_BYTES;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING) throw new AppError('capacity_exhausted', 'too many passwords to check');
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return await turn;
  }
}
