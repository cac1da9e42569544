import { contentLength, leadingBreaks, MAX_MESSAGE_BYTES, type Parsed, parseHead } from './parse-message.js';

export type StreamEvent =
  | { type: 'message'; parsed: Parsed; sizeBytes: number }
  /** The double line break of RFC 5626 section 3.5.1: to be answered with a single one. */
  | { type: 'ping' }
  /** Where the next message begins can no longer be known: answer what there is, then close. */
  | { type: 'broken'; parsed: Parsed | undefined };

const PING = Buffer.from('\r\n\r\n');

/** Cuts a byte stream into SIP messages (RFC 3261 section 18.3). Work is linear in the bytes, however they are cut. */
export class StreamFramer {
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;
  /** No empty line begins before this position. */
  #scannedTo = 0;
  #head: { parsed: Parsed; endsAt: number; totalBytes: number } | undefined;
  #broken = false;

  /** True while a message has begun and not ended; line breaks alone begin none. */
  get midMessage(): boolean {
    return this.#length > leadingBreaks(this.#buffer.subarray(0, this.#length));
  }

  push(chunk: Buffer): StreamEvent[] {
    if (this.#broken) return [];
    const events: StreamEvent[] = [];
    let rest = chunk;
    // Never holds more than one message of the largest size: what follows waits in `chunk`.
    while (rest.length > 0 && !this.#broken) {
      const take = Math.min(rest.length, MAX_MESSAGE_BYTES + 1 - this.#length);
      this.#append(rest.subarray(0, take));
      rest = rest.subarray(take);
      this.#drain(events);
    }
    return events;
  }

  #append(bytes: Buffer): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    bytes.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  #drain(events: StreamEvent[]): void {
    let start = 0;
    for (;;) {
      const view = this.#buffer.subarray(start, this.#length);
      const consumed = this.#takeOne(view, events);
      if (consumed === 0 || this.#broken) break;
      start += consumed;
      this.#scannedTo = 0;
      this.#head = undefined;
    }
    if (start > 0) {
      this.#buffer.copy(this.#buffer, 0, start, this.#length);
      this.#length -= start;
    }
    if (!this.#broken && this.#length > MAX_MESSAGE_BYTES) this.#break(events);
  }

  #takeOne(view: Buffer, events: StreamEvent[]): number {
    if (!this.#head) {
      const breaks = leadingBreaks(view);
      if (breaks >= 4 && view.subarray(0, 4).equals(PING)) {
        events.push({ type: 'ping' });
        return 4;
      }
      if (breaks === view.length) return 0;
      if (breaks > 0) return breaks;
      const end = view.indexOf('\r\n\r\n', this.#scannedTo);
      if (end < 0) {
        this.#scannedTo = Math.max(0, view.length - 3);
        return 0;
      }
      const parsed = parseHead(view.toString('utf8', 0, end));
      const length = parsed ? contentLength(parsed.message.headers) : 'invalid';
      if (!parsed || length === 'invalid' || end + 4 + (length ?? 0) > MAX_MESSAGE_BYTES) {
        this.#break(events, parsed);
        return 0;
      }
      this.#head = { parsed, endsAt: end + 4, totalBytes: end + 4 + (length ?? 0) };
    }
    const { parsed, endsAt, totalBytes } = this.#head;
    if (view.length < totalBytes) return 0;
    parsed.message.body = Buffer.from(view.subarray(endsAt, totalBytes));
    events.push({ type: 'message', parsed, sizeBytes: totalBytes });
    return totalBytes;
  }

  #break(events: StreamEvent[], parsed?: Parsed): void {
    this.#broken = true;
    events.push({
      type: 'broken',
      parsed: parsed && { message: parsed.message, fault: parsed.fault ?? { status: 400, reason: 'Bad Content-Length' } },
    });
  }
}
