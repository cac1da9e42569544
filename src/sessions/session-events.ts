import type { ChatSession, SessionMessage } from '../domain/session.js';

/**
 * `message`: one was stored, of whatever role; `chunk`: `text` is the next piece of the agent's answer before it is stored; `thought`: `text`
 * is what the agent says of what it is doing, which is no message; `timeout`: the time of the session is over, and `closed` follows.
 */
export type SessionEvent =
  | { type: 'created' | 'closed' | 'mode' | 'timeout'; session: ChatSession }
  | { type: 'message'; session: ChatSession; message: SessionMessage }
  | { type: 'chunk' | 'thought'; session: ChatSession; text: string };

export type SessionListener = (event: SessionEvent) => void;

/** Tells whoever watches sessions what happens in them. */
export class SessionEvents {
  readonly #listeners = new Set<SessionListener>();

  /** Returns what ends it. A listener must not throw. */
  on(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: SessionEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
