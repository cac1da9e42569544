import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../core/clock.js';
import { StreamFramer } from '../message/stream-framer.js';
import type { Address, Flow, TransportEvents } from './flow.js';

/** A peer gets this long to finish a message it began, and to send its first: against connections that only hold a place. */
const MESSAGE_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A peer that reads nothing must not fill our memory. */
const MAX_UNSENT_BYTES = 1024 * 1024;
const PONG = Buffer.from('\r\n');

/** One TCP connection, accepted or dialled. */
export class TcpConnection implements Flow {
  readonly transport = 'tcp';
  readonly reliable = true;
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #clock: Clock;
  readonly #events: TransportEvents;
  readonly #onClosed: (connection: TcpConnection) => void;
  #cancelDeadline: Cancel | undefined;
  #failure: Error | undefined;
  #alive = true;

  constructor(
    socket: Socket,
    ends: { local: Address; remote: Address },
    clock: Clock,
    events: TransportEvents,
    onClosed: (connection: TcpConnection) => void,
  ) {
    this.#socket = socket;
    this.local = ends.local;
    this.remote = ends.remote;
    this.#clock = clock;
    this.#events = events;
    this.#onClosed = onClosed;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#failure = error;
    });
    socket.on('close', () => this.#closed());
    if (socket.connecting) {
      this.#deadline(CONNECT_TIMEOUT_MS, 'no answer to the connection attempt');
      socket.once('connect', () => this.#cancelDeadline?.());
    } else this.#deadline(MESSAGE_TIMEOUT_MS, 'nothing was sent on the connection');
  }

  get alive(): boolean {
    return this.#alive;
  }

  send(bytes: Buffer, onError?: (error: Error) => void): void {
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.close(new Error('the peer does not read'));
    this.#socket.write(bytes, (error) => {
      if (error) onError?.(this.#failure ?? error);
    });
  }

  close(reason?: Error): void {
    this.#failure ??= reason;
    this.#socket.destroy(reason);
  }

  #receive(chunk: Buffer): void {
    for (const event of this.#framer.push(chunk)) {
      if (event.type === 'ping') this.#socket.write(PONG);
      else if (event.type === 'message') {
        const received = { message: event.parsed.message, flow: this, sizeBytes: event.sizeBytes };
        if (event.parsed.fault) this.#events.onFault(received, event.parsed.fault);
        else this.#events.onMessage(received);
      } else {
        const { parsed } = event;
        if (parsed?.fault) this.#events.onFault({ message: parsed.message, flow: this, sizeBytes: 0 }, parsed.fault);
        this.#socket.end();
        this.#deadline(MESSAGE_TIMEOUT_MS, 'the peer does not close');
        return;
      }
    }
    // The deadline runs from the first byte of a message, so that one byte a second does not prolong it.
    if (!this.#framer.midMessage) {
      this.#cancelDeadline?.();
      this.#cancelDeadline = undefined;
    } else if (!this.#cancelDeadline) this.#deadline(MESSAGE_TIMEOUT_MS, 'the message was not finished');
  }

  #deadline(delayMs: number, what: string): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = this.#clock.schedule(delayMs, () => this.close(new Error(what)));
  }

  #closed(): void {
    this.#alive = false;
    this.#cancelDeadline?.();
    this.#onClosed(this);
  }
}
