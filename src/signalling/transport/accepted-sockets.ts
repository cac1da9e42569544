import type { Socket } from 'node:net';
import { plainAddress, sourceOf } from '../../core/source-list.js';
import type { TransportEvents } from './flow.js';

/** The connections that were opened to us and last, by their source. */
export class AcceptedSockets {
  readonly #events: Pick<TransportEvents, 'admits' | 'admitsConnection'>;
  readonly #bySource = new Map<string, Set<Socket>>();

  constructor(events: Pick<TransportEvents, 'admits' | 'admitsConnection'>) {
    this.#events = events;
  }

  /** @returns false for a socket that may not be, and is destroyed. */
  admit(socket: Socket): boolean {
    const address = plainAddress(socket.remoteAddress ?? '');
    const source = sourceOf(address);
    const held = (source === undefined ? undefined : this.#bySource.get(source)) ?? new Set();
    if (source === undefined || !this.#events.admits(address) || !this.#events.admitsConnection(address, held.size)) {
      socket.destroy();
      return false;
    }
    held.add(socket);
    this.#bySource.set(source, held);
    socket.once('close', () => {
      held.delete(socket);
      if (held.size === 0) this.#bySource.delete(source);
    });
    return true;
  }

  /** Destroys those whose source is not admitted any more. */
  expel(): void {
    for (const sockets of this.#bySource.values()) {
      for (const socket of sockets) if (!this.#events.admits(plainAddress(socket.remoteAddress ?? ''))) socket.destroy();
    }
  }
}
