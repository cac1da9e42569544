import type { Clock } from '../core/clock.js';

/** An idle connection is kept for four seconds by the `fetch` of Node. */
const KEPT_MS = 3_000;
const WITHIN_MS = 5_000;

/** Opens a connection to an HTTP service before there is something to ask, so that the next request does not wait for TCP and TLS. */
export class WarmConnection {
  readonly #url: string;
  readonly #clock: Clock;
  #openedMs = -Infinity;

  constructor(url: string, clock: Clock) {
    this.#url = url;
    this.#clock = clock;
  }

  /** Never fails. What the server says to it does not matter; it is told no key. */
  open(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#openedMs < KEPT_MS) return;
    this.#openedMs = nowMs;
    // After a HEAD the connection would be closed.
    const options = { method: 'OPTIONS', redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS) } as const;
    fetch(this.#url, options)
      .then((response) => response.arrayBuffer())
      .catch(() => undefined);
  }
}
