import type { FeedReader } from './live-feed.js';
import { errorMessage, type LiveMessage } from './live-message.js';

/** Why a connection ends that was not ended by the far side. */
export type LiveEnding = 'call_ended' | 'too_slow' | 'too_many_messages' | 'shutting_down';

/** RFC 6455 section 7.4.1; 1013 is of the IANA registry: try again later. */
export const CLOSE_CODES: Readonly<Record<LiveEnding, { code: number; reason: string }>> = {
  call_ended: { code: 1000, reason: 'call ended' },
  shutting_down: { code: 1001, reason: 'server is shutting down' },
  too_many_messages: { code: 1008, reason: 'too many messages' },
  too_slow: { code: 1013, reason: 'too slow' },
};

/** The connection under a reader. */
export interface LiveTransport {
  /** What was sent and has not left yet. */
  pendingBytes(): number;
  send(message: LiveMessage): void;
  close(ending: LiveEnding): void;
}

/** From here on, words that are still being said are left out. */
const LAGGING_BYTES = 64 * 1024;
/** Whoever is this far behind is let go: memory is for calls. */
const LOST_BYTES = 1024 * 1024;

/** One connection's place in a feed, with an end to how far it may fall behind. */
export class LiveReader implements FeedReader {
  readonly #transport: LiveTransport;
  #closed = false;
  #leave: () => void = () => {};

  constructor(transport: LiveTransport) {
    this.#transport = transport;
  }

  /** How to stop following; called once, when this connection has ended. */
  onClosed(leave: () => void): void {
    if (this.#closed) leave();
    else this.#leave = leave;
  }

  take(message: LiveMessage): void {
    if (this.#closed) return;
    const pendingBytes = this.#transport.pendingBytes();
    if (pendingBytes > LOST_BYTES) {
      this.close('too_slow', 'Connection too slow: messages were not read in time');
      return;
    }
    if (message.passing && pendingBytes > LAGGING_BYTES) return;
    this.#transport.send(message);
  }

  end(): void {
    this.close('call_ended');
  }

  /** Ends the connection, with an `error` message before it where there is something to say. */
  close(ending: LiveEnding, reason?: string): void {
    if (this.#closed) return;
    if (reason !== undefined) this.#transport.send(errorMessage(reason));
    this.closed();
    this.#transport.close(ending);
  }

  /** The far side is gone. */
  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
  }
}
