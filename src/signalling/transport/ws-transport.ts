import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Cancel, Clock } from '../../core/clock.js';
import type { OwnAddresses } from '../../core/own-addresses.js';
import { plainAddress } from '../../core/source-list.js';
import { MAX_MESSAGE_BYTES } from '../message/parse-message.js';
import { AcceptedSockets } from './accepted-sockets.js';
import { type Flow, goneFlow, type Target, type Transport, type TransportEvents } from './flow.js';
import { Newcomers } from './newcomers.js';
import type { StreamSockets } from './stream-transport.js';
import { WsConnection } from './ws-connection.js';

const SUBPROTOCOL = 'sip';
const HANDSHAKE_MS = 10_000;
const MAX_CONNECTIONS = 4096;

export type WsOptions = {
  transport: 'ws' | 'wss';
  /** Of pages that may connect, as browsers name them; `*`: of all. Who names none is no browser, and may. */
  origins: readonly string[];
};

/** SIP over WebSocket (RFC 7118), accepted only: a browser cannot be dialled. */
export class WsTransport implements Transport {
  readonly #options: WsOptions;
  readonly #server: Server;
  readonly #clock: Clock;
  readonly #addresses: OwnAddresses;
  readonly #events: TransportEvents;
  /** Speaks HTTP on the sockets that `#server` accepts; it listens nowhere itself. */
  readonly #http: HttpServer;
  readonly #handshakes = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  readonly #newcomers = new Newcomers();
  readonly #accepted: AcceptedSockets;
  readonly #connections = new Map<string, WsConnection>();
  readonly #sockets = new Map<Socket, { cancelHandshake: Cancel; leave: () => void }>();
  #port = 0;
  #closed = false;

  constructor(
    options: WsOptions,
    sockets: Pick<StreamSockets, 'createServer'>,
    clock: Clock,
    addresses: OwnAddresses,
    events: TransportEvents,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#addresses = addresses;
    this.#events = events;
    this.#accepted = new AcceptedSockets(events);
    this.#http = createServer((_request, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
    this.#http.on('upgrade', (request: IncomingMessage, socket, head: Buffer) => {
      this.#upgrade(request, socket as Socket, head);
    });
    this.#server = sockets.createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  get port(): number {
    return this.#port;
  }

  async listen(bind: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: bind, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#server.on('error', () => {});
    this.#port = (this.#server.address() as { port: number }).port;
  }

  flowTo(target: Target): Flow {
    const local = { address: this.#addresses.towards(target.address), port: this.#port };
    return this.#connections.get(`${target.address}:${target.port}`) ?? goneFlow(target, local, this.#clock);
  }

  /** Closes the connections of those who are not admitted any more. */
  expel(): void {
    this.#accepted.expel();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of this.#sockets.keys()) socket.destroy();
    for (const connection of this.#connections.values()) connection.close();
    this.#handshakes.close();
    // Where nothing was listened on there is an error, and nothing to wait for.
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    if (!this.#accepted.admit(socket)) return;
    if (this.#closed) {
      socket.destroy();
      return;
    }
    const leave = this.#newcomers.admit(plainAddress(socket.remoteAddress ?? ''), socket);
    const cancelHandshake = this.#clock.schedule(HANDSHAKE_MS, () => socket.destroy());
    this.#sockets.set(socket, { cancelHandshake, leave });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      cancelHandshake();
      leave();
      this.#sockets.delete(socket);
    });
    this.#http.emit('connection', socket);
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { origin } = request.headers;
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    const welcome = origin === undefined || this.#options.origins.some((known) => known === '*' || known === origin);
    const { remoteAddress: address, remotePort: port } = socket;
    if (!welcome) refuse(socket, '403 Forbidden');
    else if (!offered.includes(SUBPROTOCOL)) refuse(socket, '400 Bad Request');
    else if (address === undefined || port === undefined) socket.destroy();
    else {
      this.#handshakes.handleUpgrade(request, socket, head, (client) => {
        this.#sockets.get(socket)?.cancelHandshake();
        this.#adopt(client, { address: plainAddress(address), port }, () => this.#sockets.get(socket)?.leave());
      });
    }
  }

  #adopt(client: WebSocket, remote: { address: string; port: number }, onProved: () => void): void {
    const local = { address: this.#addresses.towards(remote.address), port: this.#port };
    const ends = { transport: this.#options.transport, local, remote };
    const connection = new WsConnection(client, ends, this.#clock, this.#events, onProved);
    const key = `${remote.address}:${remote.port}`;
    this.#connections.set(key, connection);
    client.on('close', () => {
      if (this.#connections.get(key) === connection) this.#connections.delete(key);
    });
  }
}

function refuse(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
