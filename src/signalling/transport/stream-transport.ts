import type { Server, Socket } from 'node:net';
import type { Clock } from '../../core/clock.js';
import type { Address, Flow, Target, TransportEvents } from './flow.js';
import { type LocalAddresses, plainAddress } from './local-address.js';
import { StreamConnection } from './stream-connection.js';

const MAX_CONNECTIONS = 4096;

/** How connections of one kind come about. */
export type StreamSockets = {
  readonly transport: 'tcp' | 'tls';
  /** What a dialled socket emits when it can be used. */
  readonly readyEvent: 'connect' | 'secureConnect';
  createServer(onSocket: (socket: Socket) => void): Server;
  connect(target: Target): Socket;
};

/** Whoever was asked to prove a name is not taken for an answer to another. */
const keyOf = ({ address, port, serverName = '' }: Address & { serverName?: string }): string =>
  `${address}:${port}/${serverName}`;

/** Listens, dials, and reuses: one connection per peer address, whoever opened it. */
export class StreamTransport {
  readonly #sockets: StreamSockets;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #addresses: LocalAddresses;
  readonly #events: TransportEvents;
  readonly #connections = new Map<string, StreamConnection>();
  #port = 0;
  #closed = false;

  constructor(sockets: StreamSockets, clock: Clock, addresses: LocalAddresses, events: TransportEvents) {
    this.#sockets = sockets;
    this.#clock = clock;
    this.#addresses = addresses;
    this.#events = events;
    this.#server = sockets.createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  async listen(bind: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: bind, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    // Accept errors (EMFILE) concern the newcomer alone.
    this.#server.on('error', () => {});
    this.#port = (this.#server.address() as { port: number }).port;
  }

  get port(): number {
    return this.#port;
  }

  flowTo(target: Target): Flow {
    const existing = this.#connections.get(keyOf(target));
    if (existing?.alive) return existing;
    return this.#adopt(this.#sockets.connect(target), target, this.#sockets.readyEvent);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
    // Where nothing was listened on there is an error, and nothing to wait for.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) socket.destroy();
    else this.#adopt(socket, { address: plainAddress(address), port }, undefined);
  }

  #adopt(socket: Socket, remote: Address & { serverName?: string }, readyEvent: string | undefined): StreamConnection {
    // The listening port, not the ephemeral one: it is where the peer reaches us again.
    const local = { address: this.#addresses.towards(remote.address), port: this.#port };
    const key = keyOf(remote);
    const ends = { transport: this.#sockets.transport, local, remote, readyEvent };
    const connection = new StreamConnection(socket, ends, this.#clock, this.#events, (closed) => {
      if (this.#connections.get(key) === closed) this.#connections.delete(key);
    });
    this.#connections.set(key, connection);
    return connection;
  }
}
