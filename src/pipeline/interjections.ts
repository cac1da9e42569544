import { AppError } from '../core/errors.js';
import type { ReplySource } from './agent-reply.js';

/** Words or audio that the operator puts into the agent's mouth. */
export type Interjection = Extract<ReplySource, { type: 'text' | 'audio' }>;

/** Audio of several minutes may be among them, so not any number. */
const MAX_WAITING = 5;

/** What waits until nobody speaks. */
export class Interjections {
  readonly #waiting: Interjection[] = [];

  /** @throws AppError `conflict` when as many wait as may, unless it is to be the very next. */
  add(interjection: Interjection, next: boolean): void {
    if (next) {
      this.putBack(interjection);
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      throw new AppError('conflict', 'too many interjections', {
        publicMessage: `${MAX_WAITING} texts or recordings wait to be heard already`,
      });
    }
    this.#waiting.push(interjection);
  }

  /** It was begun, but nothing of it was heard: its turn comes again. */
  putBack(interjection: Interjection): void {
    this.#waiting.unshift(interjection);
  }

  next(): Interjection | undefined {
    return this.#waiting.shift();
  }
}

export const tooLate = (): AppError =>
  new AppError('conflict', 'no time for an interjection', { publicMessage: 'The call is about to end' });
