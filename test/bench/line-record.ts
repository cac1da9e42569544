import type { MediaSession } from '../../src/domain/ports/media.js';
import { joined } from './caller-speech.js';

/** One packet's audio: 20 ms at 16 kHz. */
export const FRAME_SAMPLES = 320;

/** What a call's line brought, packet by packet with the kernel's time of arrival. Call `take` more often than the engine forgets. */
export class LineRecord {
  readonly #session: MediaSession;
  readonly #parts: Int16Array[] = [];
  readonly arrivalsMs: number[] = [];
  #taken = 0;

  constructor(session: MediaSession) {
    this.#session = session;
  }

  take(): void {
    const whole = this.#session.heard() - (this.#session.heard() % FRAME_SAMPLES);
    const part = this.#session.readHeard(this.#taken, whole);
    if (part.length !== whole - this.#taken) throw new Error('the line was not read in time');
    this.#parts.push(part);
    for (let sample = this.#taken; sample < whole; sample += FRAME_SAMPLES) {
      this.arrivalsMs.push(this.#session.arrivalMs(sample) ?? Number.NaN);
    }
    this.#taken = whole;
  }

  samples(): Int16Array {
    return joined(this.#parts);
  }
}
