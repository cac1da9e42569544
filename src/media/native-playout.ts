import { AUDIO_RATE_HZ, type Playout } from '../domain/ports/media.js';
import type { NativeEngine } from './native-addon.js';

export const samplesOf = (ms: number): number => Math.max(0, Math.round((ms * AUDIO_RATE_HZ) / 1000));

/** Below this the agent counts as silent, and -Infinity dB is allowed to say so. */
const SILENT_DB = -96;

export class NativePlayout implements Playout {
  readonly #native: NativeEngine;
  readonly #slot: number;
  readonly #generation: number;

  constructor(native: NativeEngine, slot: number, generation: number) {
    this.#native = native;
    this.#slot = slot;
    this.#generation = generation;
  }

  write(pcm: Int16Array, rateHz: number): number {
    return this.#native.write(this.#slot, this.#generation, pcm, rateHz);
  }

  mark(): number {
    return this.#native.mark(this.#slot, this.#generation);
  }

  position(): number {
    return this.#native.position(this.#slot, this.#generation);
  }

  queued(): number {
    return this.#native.end(this.#slot, this.#generation) - this.position();
  }

  setGain(db: number, rampMs: number): void {
    const gain = db <= SILENT_DB ? 0 : 10 ** (db / 20);
    this.#native.setGain(this.#slot, this.#generation, gain, samplesOf(rampMs));
  }

  pause(): number {
    return this.#native.pause(this.#slot, this.#generation);
  }

  resume(): void {
    this.#native.resume(this.#slot, this.#generation);
  }

  flush(fadeMs: number): number {
    return this.#native.flush(this.#slot, this.#generation, samplesOf(fadeMs));
  }
}
