import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../../core/clock.js';
import { StreamFramer } from '../message/stream-framer.js';
import type { Address, Flow, TransportEvents } from './flow.js';

/** A peer gets this long to finish a message it began, and to send its first: against connections that only hold a place. */
const MESSAGE_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A peer that reads nothing must not fill our memory. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Longer than registrations usually last: who wanted to be reached over it would have said something. */
const IDLE_MS = 7_200_000;
/** RFC 5626 section 4.4.1. */
const PONG_LIMIT_MS = 10_000;
const PING = Buffer.from('\r\n\r\n');
const PONG = Buffer.from('\r\n');

/** One TCP or TLS connection, accepted or dialled. */
export class StreamConnection implements Flow {
  readonly transport: 'tcp' | 'tls';
  readonly reliable = true;
  readonly local: Address;
  readonly remote: Address;
  readonly #socket: Socket;
  readonly #framer = new StreamFramer();
  readonly #clock: Clock;
  readonly #events: TransportEvents;
  readonly #hooks: { onClosed: (connection: StreamConnection) => void; onProved?: (() => void) | undefined };
  #cancelDeadline: Cancel | undefined;
  #failure: Error | undefined;
  #alive = true;
  #cancelIdle: Cancel = () => {};
  #lastHeardMs: number;
  #cancelPing: Cancel = () => {};
  #cancelPong: Cancel | undefined;
  /** The peer has answered a ping before: from then on no answer means that it is gone. */
  #answersPings = false;
  #proved = false;
  /** What leaves when the connection stands, and whom to tell if it never does; absent once it does. */
  #waiting: { bytes: Buffer; onError: ((error: Error) => void) | undefined }[] | undefined;

  constructor(
    socket: Socket,
    /** `dialling`: what the socket emits when it stands, and why its peer is not to be trusted then. */
    ends: {
      transport: 'tcp' | 'tls';
      local: Address;
      remote: Address;
      dialling: { readyEvent: string; refusal: () => Error | undefined } | undefined;
    },
    clock: Clock,
    events: TransportEvents,
    /** `onProved`: the peer has sent its first whole message. */
    hooks: { onClosed: (connection: StreamConnection) => void; onProved?: (() => void) | undefined },
  ) {
    this.#socket = socket;
    this.transport = ends.transport;
    this.local = ends.local;
    this.remote = ends.remote;
    this.#clock = clock;
    this.#events = events;
    this.#hooks = hooks;
    this.#lastHeardMs = clock.monotonicMs();
    this.#watchIdle(IDLE_MS);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#failure = error;
    });
    socket.on('close', () => this.#closed());
    const { dialling } = ends;
    if (dialling) {
      this.#deadline(CONNECT_TIMEOUT_MS, 'no answer to the connection attempt');
      socket.once(dialling.readyEvent, () => this.#ready(dialling.refusal()));
      this.#waiting = [];
    } else this.#deadline(MESSAGE_TIMEOUT_MS, 'nothing was sent on the connection');
  }

  get alive(): boolean {
    return this.#alive;
  }

  send(bytes: Buffer, onError?: (error: Error) => void): void {
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.close(new Error('the peer does not read'));
    if (this.#waiting) {
      // Not a byte for a peer that has not proved itself.
      this.#waiting.push({ bytes, onError });
      return;
    }
    this.#socket.write(bytes, (error) => {
      if (error) onError?.(this.#failure ?? error);
    });
  }

  /** The interface it goes out by; undefined once it is closed. */
  get boundAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  /** On the monotonic clock. */
  get lastHeardMs(): number {
    return this.#lastHeardMs;
  }

  /** From now on sends a ping every so often (RFC 5626 section 3.5.1); 0 ends that. */
  keepAlive(intervalMs: number): void {
    this.#cancelPing();
    if (intervalMs <= 0 || !this.#alive) return;
    this.#cancelPing = this.#clock.schedule(intervalMs, () => {
      this.#ping();
      this.keepAlive(intervalMs);
    });
  }

  close(reason?: Error): void {
    this.#failure ??= reason;
    this.#socket.destroy(reason);
  }

  #ready(refusal: Error | undefined): void {
    if (refusal) {
      this.close(refusal);
      return;
    }
    this.#cancelDeadline?.();
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const { bytes, onError } of waiting) this.send(bytes, onError);
  }

  #ping(): void {
    this.#socket.write(PING);
    this.#cancelPong?.();
    this.#cancelPong = this.#clock.schedule(PONG_LIMIT_MS, () => {
      this.#cancelPong = undefined;
      if (this.#answersPings) this.close(new Error('no answer to the keep-alive'));
    });
  }

  #watchIdle(delayMs: number): void {
    this.#cancelIdle = this.#clock.schedule(delayMs, () => {
      const leftMs = this.#lastHeardMs + IDLE_MS - this.#clock.monotonicMs();
      if (leftMs > 0) this.#watchIdle(leftMs);
      else this.close(new Error('nothing was heard for too long'));
    });
  }

  #receive(chunk: Buffer): void {
    this.#lastHeardMs = this.#clock.monotonicMs();
    if (this.#cancelPong) {
      this.#cancelPong();
      this.#cancelPong = undefined;
      if (chunk.equals(PONG)) {
        this.#answersPings = true;
        return;
      }
    }
    for (const event of this.#framer.push(chunk)) {
      if (event.type === 'ping') this.#socket.write(PONG);
      else if (event.type === 'message') {
        if (!this.#proved) this.#hooks.onProved?.();
        this.#proved = true;
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
    this.#cancelIdle();
    this.#cancelPing();
    this.#cancelPong?.();
    for (const { onError } of this.#waiting ?? []) onError?.(this.#failure ?? new Error('the connection was closed'));
    this.#waiting = undefined;
    this.#hooks.onClosed(this);
  }
}
