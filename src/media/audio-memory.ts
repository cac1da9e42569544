import type { AudioMemory } from '../domain/ports/media.js';

/** One cache line, so that no two slots share one. */
const HEADER_BYTES = 64;
/** 8 s: readers take what is new every few milliseconds, so that long may JavaScript stand still before words are lost. */
const RING_SAMPLES = 2 ** 17;

/** Untouched pages cost nothing: memory grows with the slots that were ever in use, not with the capacity. */
export function allocateAudioMemory(slots: number): AudioMemory {
  const slotBytes = HEADER_BYTES + 2 * RING_SAMPLES * Int16Array.BYTES_PER_ELEMENT;
  return {
    buffer: new SharedArrayBuffer(slots * slotBytes),
    slots,
    slotBytes,
    headerBytes: HEADER_BYTES,
    ringSamples: RING_SAMPLES,
  };
}

/** Reads one ring of one slot while its writer goes on. */
export class SlotReader {
  readonly #header: Uint32Array;
  readonly #ring: Int16Array;
  /** Of the session whose clean ring is read. */
  readonly #cleanOf: number | undefined;

  constructor(memory: AudioMemory, slot: number, cleanOf?: number) {
    const start = slot * memory.slotBytes;
    const second = cleanOf === undefined ? 0 : 1;
    this.#header = new Uint32Array(memory.buffer, start + second * RING_HEADER_BYTES, 2);
    const ringBytes = memory.ringSamples * Int16Array.BYTES_PER_ELEMENT;
    this.#ring = new Int16Array(memory.buffer, start + memory.headerBytes + second * ringBytes, memory.ringSamples);
    this.#cleanOf = cleanOf;
  }

  /** Samples written since the session opened. */
  written(): number {
    // Before anybody writes it, the clean ring is that of the session before.
    if (this.#cleanOf !== undefined && Atomics.load(this.#header, 0) !== this.#cleanOf) return 0;
    return Atomics.load(this.#header, 1);
  }

  /** A copy of [from, to), less at the front what is overwritten, less at the end what is not there yet. */
  read(from: number, to: number): Int16Array {
    const end = Math.min(to, this.written());
    const start = Math.max(from, end - this.#ring.length, 0);
    if (start >= end) return new Int16Array(0);
    const copy = new Int16Array(end - start);
    const at = start % this.#ring.length;
    const untilWrap = Math.min(copy.length, this.#ring.length - at);
    copy.set(this.#ring.subarray(at, at + untilWrap));
    copy.set(this.#ring.subarray(0, copy.length - untilWrap), untilWrap);
    // The writer may have come round while we copied. It stores a packet (at most 120 ms) before it counts it.
    const safeFrom = this.written() + LONGEST_PACKET_SAMPLES - this.#ring.length;
    return start >= safeFrom ? copy : copy.slice(Math.min(safeFrom - start, copy.length));
  }
}

/** Generation and count. */
const RING_HEADER_BYTES = 2 * Uint32Array.BYTES_PER_ELEMENT;
const LONGEST_PACKET_SAMPLES = 1_920;
