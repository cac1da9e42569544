import { AUDIO_RATE_HZ, type Playout } from '../domain/ports/media.js';
import type { NativeEngine } from './native-addon.js';

export const samplesOf = (ms: number): number => Math.max(0, Math.round((ms * AUDIO_RATE_HZ) / 1000));

/** At or below this the agent counts as silent; -Infinity says so too. */
const SILENT_DB = -96;

export const gainOf = (db: number): number => (db <= SILENT_DB ? 0 : 10 ** (db / 20));

export class NativePlayout implements Playout {
  readonly #native: NativeEngine;
  readonly #slot: number;
  readonly #generation: number;
  /** Set once the session closes: from then on nothing moves, and whoever still asks or speaks is not punished for it. */
  #closedAtSample: number | undefined;

  constructor(native: NativeEngine, slot: number, generation: number) {
    this.#native = native;
    this.#slot = slot;
    this.#generation = generation;
  }

  write(pcm: Int16Array, rateHz: number): number {
    return this.#closedAtSample ?? this.#native.write(this.#slot, this.#generation, pcm, rateHz);
  }

  mark(): number {
    return this.#closedAtSample === undefined ? this.#native.mark(this.#slot, this.#generation) : 0;
  }

  position(): number {
    return this.#closedAtSample ?? this.#native.position(this.#slot, this.#generation);
  }

  queued(): number {
    return this.#closedAtSample === undefined ? this.#native.end(this.#slot, this.#generation) - this.position() : 0;
  }

  setGain(db: number, rampMs: number): void {
    if (this.#closedAtSample !== undefined) return;
    this.#native.setGain(this.#slot, this.#generation, gainOf(db), samplesOf(rampMs));
  }

  pause(): number {
    return this.#closedAtSample ?? this.#native.pause(this.#slot, this.#generation);
  }

  resume(): void {
    if (this.#closedAtSample === undefined) this.#native.resume(this.#slot, this.#generation);
  }

  flush(fadeMs: number): number {
    return this.#closedAtSample ?? this.#native.flush(this.#slot, this.#generation, samplesOf(fadeMs));
  }

  close(): void {
    this.#closedAtSample ??= this.position();
  }
}
