import type { TurnCause } from '../domain/call.js';
import type { ReplySource } from './agent-reply.js';
import { type Interjection, Interjections } from './interjections.js';

type Fixed = { source: Extract<ReplySource, { type: 'text' }>; cause: TurnCause };

/** What is still to be said: words that the caller's noise kept from being said or whose time has not come, and what waits its turn. */
export class KeptWords {
  /** Of the operator. */
  readonly interjections = new Interjections();
  #fixed: Fixed | undefined;

  /** The agent's own fixed words: one thing at a time. */
  get fixed(): Fixed | undefined {
    return this.#fixed;
  }

  keep(fixed: Fixed): void {
    this.#fixed = fixed;
  }

  forget(): void {
    this.#fixed = undefined;
  }

  /** It was begun, but nothing of it was heard. A model's words are not kept: it is asked again. */
  putBack(source: ReplySource, cause: TurnCause): void {
    if (cause === 'operator') this.interjections.putBack(source as Interjection);
    else if (source.type === 'text') this.keep({ source, cause });
  }
}
