import type { AudioMemory } from '../domain/ports/media.js';

/** One cache line, so that no two slots share one. */
const HEADER_BYTES = 64;
/** 8 s: readers take what is new every few milliseconds, so that long may JavaScript stand still before words are lost. */
const RING_SAMPLES = 2 ** 17;

/** Untouched pages cost nothing: memory grows with the slots that were ever in use, not with the capacity. */
export function allocateAudioMemory(slots: number): AudioMemory {
  const slotBytes = HEADER_BYTES + RING_SAMPLES * Int16Array.BYTES_PER_ELEMENT;
  return {
    buffer: new SharedArrayBuffer(slots * slotBytes),
    slots,
    slotBytes,
    headerBytes: HEADER_BYTES,
    ringSamples: RING_SAMPLES,
  };
}

/** Reads one slot while the media thread goes on writing it. */
export class SlotReader {
  readonly #header: Uint32Array;
  readonly #ring: Int16Array;

  constructor(memory: AudioMemory, slot: number) {
    const start = slot * memory.slotBytes;
    this.#header = new Uint32Array(memory.buffer, start, 2);
    this.#ring = new Int16Array(memory.buffer, start + memory.headerBytes, memory.ringSamples);
  }

  /** Samples written since the session opened. */
  written(): number {
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

const LONGEST_PACKET_SAMPLES = 1_920;
