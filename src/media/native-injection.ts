import type { Injection } from '../domain/ports/media.js';
import type { NativeEngine } from './native-addon.js';

export class NativeInjection implements Injection {
  readonly #native: NativeEngine;
  readonly #slot: number;
  readonly #generation: number;
  #closed = false;

  constructor(native: NativeEngine, slot: number, generation: number) {
    this.#native = native;
    this.#slot = slot;
    this.#generation = generation;
  }

  write(pcm: Int16Array, rateHz: number): void {
    if (!this.#closed) this.#native.inject(this.#slot, this.#generation, pcm, rateHz);
  }

  waiting(): number {
    return this.#closed ? 0 : this.#native.injected(this.#slot, this.#generation);
  }

  /** The session closes: whoever still speaks is not punished for it. */
  close(): void {
    this.#closed = true;
  }
}
