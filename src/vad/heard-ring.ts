import type { AudioMemory } from '../domain/ports/media.js';

const GENERATION_WORD = 0;
/** Of the ring as it was heard, and of the one without noise. */
const WRITTEN_WORD = { heard: 1, clean: 3 };

/** Reads what one session heard out of the engine's memory, from any thread, while the engine goes on writing. */
export class HeardRing {
  readonly #header: Int32Array;
  readonly #ring: Int16Array;
  readonly #generation: number;
  readonly #writtenWord: number;
  /** Samples of the session consumed so far; grows without wrapping, unlike the 32-bit counter in the memory. */
  #position: number;

  /** Begins at what is being written now. */
  constructor(memory: AudioMemory, slot: number, generation: number, ring: 'heard' | 'clean' = 'heard') {
    const start = slot * memory.slotBytes;
    const ringBytes = memory.ringSamples * Int16Array.BYTES_PER_ELEMENT;
    this.#header = new Int32Array(memory.buffer, start, memory.headerBytes / Int32Array.BYTES_PER_ELEMENT);
    const ringAt = start + memory.headerBytes + (ring === 'clean' ? ringBytes : 0);
    this.#ring = new Int16Array(memory.buffer, ringAt, memory.ringSamples);
    this.#writtenWord = WRITTEN_WORD[ring];
    this.#generation = generation;
    this.#position = this.#written();
  }

  /** False as soon as the slot is free or belongs to another session. */
  get alive(): boolean {
    return Atomics.load(this.#header, GENERATION_WORD) === this.#generation;
  }

  get position(): number {
    return this.#position;
  }

  /** Samples written and not yet consumed. */
  available(): number {
    return (this.#written() - this.#position) >>> 0;
  }

  skip(samples: number): void {
    this.#position += samples;
  }

  /**
   * Copies `before` samples of what was consumed last and the next samples up to the size of `into`, and consumes the latter.
   * Before the session's first sample there is silence. False, with nothing consumed, when the engine has overwritten them.
   */
  read(into: Int16Array, before: number): boolean {
    const from = this.#position - before;
    const mask = this.#ring.length - 1;
    for (let i = 0; i < into.length; i += 1) into[i] = from + i < 0 ? 0 : (this.#ring[(from + i) & mask] ?? 0);
    if (this.available() + before > this.#ring.length) return false;
    this.#position += into.length - before;
    return true;
  }

  #written(): number {
    return Atomics.load(this.#header, this.#writtenWord) >>> 0;
  }
}
