import type { AudioMemory } from '../domain/ports/media.js';
import { HeardRing } from './heard-ring.js';
import { type NoiseSuppressor, SUPPRESSOR_DELAY_SAMPLES, SUPPRESSOR_FRAME_SAMPLES } from './noise-suppressor.js';

const CLEAN_GENERATION_WORD = 2;
const CLEAN_WRITTEN_WORD = 3;
/** No audio for so long: what the suppressor still holds is not waited for. Longer than any jitter. */
const STALLED_MS = 60;
/** Behind by more than this, what waits goes on with its noise: late audio is worse, and the more so for all other calls. */
const MOST_BEHIND_SAMPLES = 4_000;
/** Readers take it that no more than this is written beyond what is counted. */
const MOST_UNCOUNTED_SAMPLES = 1_600;

/**
 * Puts what one session hears, without its noise, into the second ring of the session's slot: sample for sample at the same positions,
 * a little later. Whoever owns it calls `advance` every few milliseconds.
 */
export class CleanAudio {
  readonly #heard: HeardRing;
  readonly #suppressor: NoiseSuppressor;
  readonly #header: Int32Array;
  readonly #ring: Int16Array;
  readonly #frame = new Int16Array(SUPPRESSOR_FRAME_SAMPLES);
  readonly #cleaned = new Int16Array(SUPPRESSOR_FRAME_SAMPLES);
  /** Of the next clean sample. */
  #position: number;
  /** That much of what comes out next belongs before `#position`. */
  #skip = SUPPRESSOR_DELAY_SAMPLES;
  #lastAudioMs: number;

  /** Begins at what is heard now; what was heard lately stays as it was. */
  constructor(memory: AudioMemory, slot: number, generation: number, suppressor: NoiseSuppressor, nowMs: number) {
    const start = slot * memory.slotBytes;
    this.#heard = new HeardRing(memory, slot, generation);
    this.#suppressor = suppressor;
    this.#header = new Int32Array(memory.buffer, start, memory.headerBytes / Int32Array.BYTES_PER_ELEMENT);
    const ringAt = start + memory.headerBytes + memory.ringSamples * Int16Array.BYTES_PER_ELEMENT;
    this.#ring = new Int16Array(memory.buffer, ringAt, memory.ringSamples);
    this.#position = Math.max(0, this.#heard.position - memory.ringSamples / 2);
    this.#lastAudioMs = nowMs;
    this.#passOn();
    Atomics.store(this.#header, CLEAN_GENERATION_WORD, generation);
  }

  /** Samples heard and not yet looked at. */
  get behind(): number {
    return this.#heard.available();
  }

  /** Returns how many samples go on with their noise, as there was no time to take it out. */
  advance(nowMs: number): number {
    const behind = this.behind;
    const late = behind > MOST_BEHIND_SAMPLES;
    if (behind >= SUPPRESSOR_FRAME_SAMPLES) this.#lastAudioMs = nowMs;
    if (late || nowMs - this.#lastAudioMs > STALLED_MS) this.#passOn();
    while (this.behind >= SUPPRESSOR_FRAME_SAMPLES && this.#heard.read(this.#frame, 0)) {
      this.#suppressor.process(this.#frame, this.#cleaned);
      const skipped = Math.min(this.#skip, this.#cleaned.length);
      this.#skip -= skipped;
      this.#write(this.#cleaned.subarray(skipped));
    }
    return late ? behind : 0;
  }

  close(): void {
    this.#suppressor.close();
  }

  /** Everything up to now as it was heard. The suppressor begins anew behind it. */
  #passOn(): void {
    const pending = this.#heard.position - this.#position;
    const noisy = new Int16Array(pending + this.behind);
    if (noisy.length === 0) return;
    if (!this.#heard.read(noisy, pending)) {
      // The engine has been round the whole ring.
      this.#heard.skip(noisy.length - pending);
      noisy.fill(0);
    }
    this.#write(noisy);
    this.#skip = SUPPRESSOR_DELAY_SAMPLES;
  }

  #write(samples: Int16Array): void {
    const mask = this.#ring.length - 1;
    for (let from = 0; from < samples.length; from += MOST_UNCOUNTED_SAMPLES) {
      const part = samples.subarray(from, from + MOST_UNCOUNTED_SAMPLES);
      for (const [i, sample] of part.entries()) this.#ring[(this.#position + i) & mask] = sample;
      this.#position += part.length;
      Atomics.store(this.#header, CLEAN_WRITTEN_WORD, this.#position | 0);
    }
  }
}
