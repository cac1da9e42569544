import type { AudioMemory } from '../../src/domain/ports/media.js';

const HEADER_BYTES = 64;

/** The engine's audio memory without an engine: the test writes what callers say. */
export class FakeAudioMemory implements AudioMemory {
  readonly buffer: SharedArrayBuffer;
  readonly slots: number;
  readonly slotBytes: number;
  readonly headerBytes = HEADER_BYTES;
  readonly ringSamples: number;

  constructor(slots: number, ringSamples = 16_384) {
    this.slots = slots;
    this.ringSamples = ringSamples;
    this.slotBytes = HEADER_BYTES + 2 * ringSamples * Int16Array.BYTES_PER_ELEMENT;
    this.buffer = new SharedArrayBuffer(slots * this.slotBytes);
  }

  /** A session begins (or, with generation 0, ends) in the slot, having written this much before. */
  claim(slot: number, generation: number, writtenSamples = 0): void {
    this.#header(slot).set([generation, writtenSamples]);
  }

  write(slot: number, pcm: Int16Array): void {
    const header = this.#header(slot);
    const ring = new Int16Array(this.buffer, slot * this.slotBytes + HEADER_BYTES, this.ringSamples);
    const written = Atomics.load(header, 1) >>> 0;
    for (const [i, sample] of pcm.entries()) ring[(written + i) % this.ringSamples] = sample;
    Atomics.store(header, 1, (written + pcm.length) | 0);
  }

  #header(slot: number): Int32Array {
    return new Int32Array(this.buffer, slot * this.slotBytes, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
  }
}
