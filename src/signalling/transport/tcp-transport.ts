import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../../core/clock.js';
import type { Address, Flow, TransportEvents } from './flow.js';
import { type LocalAddresses, plainAddress } from './local-address.js';
import { TcpConnection } from './tcp-connection.js';

const MAX_CONNECTIONS = 4096;

const keyOf = (remote: Address): string => `${remote.address}:${remote.port}`;

/** Listens, dials, and reuses: one connection per peer address, whoever opened it. */
export class TcpTransport {
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #addresses: LocalAddresses;
  readonly #events: TransportEvents;
  readonly #connections = new Map<string, TcpConnection>();
  #port = 0;
  #closed = false;

  constructor(clock: Clock, addresses: LocalAddresses, events: TransportEvents) {
    this.#clock = clock;
    this.#addresses = addresses;
    this.#events = events;
    this.#server = createServer((socket) => this.#accept(socket));
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

  flowTo(remote: Address): Flow {
    const existing = this.#connections.get(keyOf(remote));
    if (existing?.alive) return existing;
    const socket = connect({ host: remote.address, port: remote.port });
    return this.#adopt(socket, remote);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) socket.destroy();
    else this.#adopt(socket, { address: plainAddress(address), port });
  }

  #adopt(socket: Socket, remote: Address): TcpConnection {
    // The listening port, not the ephemeral one: it is where the peer reaches us again.
    const local = { address: this.#addresses.towards(remote.address), port: this.#port };
    const key = keyOf(remote);
    const connection = new TcpConnection(socket, { local, remote }, this.#clock, this.#events, (closed) => {
      if (this.#connections.get(key) === closed) this.#connections.delete(key);
    });
    this.#connections.set(key, connection);
    return connection;
  }
}
