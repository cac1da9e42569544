import type { Socket } from 'node:net';

/** Connections of one address that have not yet said anything whole: beyond this they are an attempt to hold places. */
const MOST_OF_ONE_ADDRESS = 32;

/** Keeps connections that have not proved to speak SIP yet, by where they come from. */
export class Newcomers {
  readonly #byAddress = new Map<string, Set<Socket>>();

  /**
   * One too many costs the oldest its place, not the newest: who shares an address with an attacker still gets through.
   *
   * @returns what is called when the connection has proved itself or is gone.
   */
  admit(address: string, socket: Socket): () => void {
    const waiting = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, waiting);
    const [oldest] = waiting;
    if (oldest && waiting.size >= MOST_OF_ONE_ADDRESS) {
      waiting.delete(oldest);
      oldest.destroy();
    }
    waiting.add(socket);
    return () => {
      waiting.delete(socket);
      if (waiting.size === 0 && this.#byAddress.get(address) === waiting) this.#byAddress.delete(address);
    };
  }
}
