import { WebSocket } from 'ws';
import type { Cancel, Clock } from '../../core/clock.js';
import { parseDatagram } from '../message/parse-message.js';
import type { Address, Flow, TransportEvents } from './flow.js';

/** A browser tab that sleeps is waited for this long; routers forget silent connections later than that. */
const PING_PERIOD_MS = 30_000;
const FIRST_MESSAGE_MS = 15_000;
/** A peer that reads nothing must not fill our memory. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const PING = '\r\n\r\n';
const PONG = '\r\n';

export type WsEnds = { transport: 'ws' | 'wss'; local: Address; remote: Address };

/** One WebSocket that a peer has opened; each of its messages is one SIP message (RFC 7118 section 5). */
export class WsConnection implements Flow {
  readonly transport: 'ws' | 'wss';
  readonly reliable = true;
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #events: TransportEvents;
  readonly #onProved: () => void;
  #cancelBeat: Cancel;
  #cancelFirst: Cancel;
  #answered = true;

  /** `onProved`: the peer has sent its first SIP message. */
  constructor(socket: WebSocket, ends: WsEnds, clock: Clock, events: TransportEvents, onProved: () => void) {
    this.#socket = socket;
    this.transport = ends.transport;
    this.local = ends.local;
    this.remote = ends.remote;
    this.#clock = clock;
    this.#events = events;
    this.#onProved = onProved;
    this.#cancelFirst = clock.schedule(FIRST_MESSAGE_MS, () => socket.terminate());
    this.#cancelBeat = clock.schedule(PING_PERIOD_MS, () => this.#beat());
    socket.on('message', (data) => this.#receive(data));
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#cancelBeat();
      this.#cancelFirst();
    });
  }

  get alive(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(bytes: Buffer, onError?: (error: Error) => void): void {
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) this.#socket.terminate();
    // As text, which is what browsers expect of it; SIP is UTF-8.
    this.#socket.send(bytes.toString('utf8'), (error) => {
      if (error) onError?.(error);
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    this.#answered = true;
    const text = data.length <= PING.length ? data.toString('latin1') : '';
    if (text === PING) this.#socket.send(PONG);
    if (text === PING || text === PONG) return;
    const parsed = parseDatagram(data);
    if (!parsed) {
      this.#socket.close(1007, 'not SIP');
      return;
    }
    this.#cancelFirst();
    this.#onProved();
    const received = { message: parsed.message, flow: this, sizeBytes: data.length };
    if (parsed.fault) this.#events.onFault(received, parsed.fault);
    else this.#events.onMessage(received);
  }

  /** RFC 7118 section 6: the WebSocket's own ping keeps the way open and shows that the far end is there. */
  #beat(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    if (this.alive) this.#socket.ping();
    this.#cancelBeat = this.#clock.schedule(PING_PERIOD_MS, () => this.#beat());
  }
}
