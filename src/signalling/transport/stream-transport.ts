import type { Server, Socket } from 'node:net';
import type { Clock } from '../../core/clock.js';
import type { OwnAddresses } from '../../core/own-addresses.js';
import { plainAddress } from '../../core/source-list.js';
import { AcceptedSockets } from './accepted-sockets.js';
import type { Address, Flow, Target, Transport, TransportEvents } from './flow.js';
import { Newcomers } from './newcomers.js';
import { StreamConnection } from './stream-connection.js';

const MAX_CONNECTIONS = 4096;
/** Whoever was heard since is not closed to make room. */
const IDLE_ENOUGH_MS = 120_000;

/** How connections of one kind come about. */
export type StreamSockets = {
  readonly transport: 'tcp' | 'tls';
  /** What a dialled socket emits when it can be used. */
  readonly readyEvent: 'connect' | 'secureConnect';
  createServer(onSocket: (socket: Socket) => void): Server;
  connect(target: Target): Socket;
  /** Why a peer that was dialled is not the one that was meant; asked before anything is sent to it. */
  refusal?(socket: Socket, target: Target): Error | undefined;
};

/** Whoever was asked to prove a name is not taken for an answer to another. */
const keyOf = ({ address, port, serverName = '', pins = [] }: Peer): string => `${address}:${port}/${serverName}/${pins.join()}`;

type Peer = Address & Pick<Target, 'serverName' | 'pins'>;

/** Listens, dials, and reuses: one connection per peer address, whoever opened it. */
export class StreamTransport implements Transport {
  readonly #sockets: StreamSockets;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #addresses: OwnAddresses;
  readonly #events: TransportEvents;
  readonly #connections = new Map<string, StreamConnection>();
  readonly #newcomers = new Newcomers();
  readonly #accepted: AcceptedSockets;
  #port = 0;
  #closed = false;

  constructor(sockets: StreamSockets, clock: Clock, addresses: OwnAddresses, events: TransportEvents) {
    this.#sockets = sockets;
    this.#clock = clock;
    this.#addresses = addresses;
    this.#events = events;
    this.#accepted = new AcceptedSockets(events);
    this.#server = sockets.createServer((socket) => this.#accept(socket));
    // A few more, so that there is time to make room.
    this.#server.maxConnections = MAX_CONNECTIONS + 64;
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
    const { address, port, serverName } = target;
    // Whoever connected to us is reached there by the address alone, and has no name to prove: a phone that registered.
    const accepted = serverName === address ? this.#connections.get(keyOf({ address, port })) : undefined;
    const existing = this.#connections.get(keyOf(target)) ?? accepted;
    if (existing?.alive) return existing;
    return this.#adopt(this.#sockets.connect(target), target, { ...target });
  }

  /** Connections whose address the machine no longer has lead nowhere, and would not tell for minutes. */
  closeOrphans(): void {
    for (const connection of this.#connections.values()) {
      const { boundAddress } = connection;
      if (boundAddress !== undefined && !this.#addresses.has(boundAddress)) {
        connection.close(new Error('the address of the connection is gone'));
      }
    }
  }

  /** Closes the accepted connections of those who are not admitted any more. */
  expel(): void {
    this.#accepted.expel();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
    // Where nothing was listened on there is an error, and nothing to wait for.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (!this.#accepted.admit(socket)) return;
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined) {
      socket.destroy();
      return;
    }
    if (this.#connections.size >= MAX_CONNECTIONS) this.#closeIdlest();
    const leave = this.#newcomers.admit(plainAddress(address), socket);
    this.#adopt(socket, { address: plainAddress(address), port }, undefined, leave);
  }

  /** Makes room: somebody who says something now goes before somebody who has not for long. */
  #closeIdlest(): void {
    const now = this.#clock.monotonicMs();
    let idlest: StreamConnection | undefined;
    for (const connection of this.#connections.values()) {
      if (!idlest || connection.lastHeardMs < idlest.lastHeardMs) idlest = connection;
    }
    if (idlest && now - idlest.lastHeardMs > IDLE_ENOUGH_MS) idlest.close(new Error('others need the place'));
  }

  #adopt(socket: Socket, remote: Peer, dialled: Target | undefined, onProved?: () => void): StreamConnection {
    // The listening port, not the ephemeral one: it is where the peer reaches us again.
    const local = { address: this.#addresses.towards(remote.address), port: this.#port };
    const key = keyOf(remote);
    const { readyEvent } = this.#sockets;
    const dialling = dialled && { readyEvent, refusal: () => this.#sockets.refusal?.(socket, dialled) };
    const ends = { transport: this.#sockets.transport, local, remote, dialling };
    const onClosed = (closed: StreamConnection): void => {
      onProved?.();
      if (this.#connections.get(key) === closed) this.#connections.delete(key);
      if (!this.#closed) this.#events.onClosed?.(closed);
    };
    const connection = new StreamConnection(socket, ends, this.#clock, this.#events, { onClosed, onProved });
    this.#connections.set(key, connection);
    return connection;
  }
}
