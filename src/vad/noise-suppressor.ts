import load, { type RnnoiseModule } from '@echogarden/rnnoise-wasm';
import { RateThirder, RateTripler, THERE_AND_BACK_SAMPLES } from './rate-tripler.js';

/** 10 ms at 16 kHz. */
export const SUPPRESSOR_FRAME_SAMPLES = 160;
/** RNNoise gives each frame out one frame later, as the halves of its windows overlap. */
export const SUPPRESSOR_DELAY_SAMPLES = SUPPRESSOR_FRAME_SAMPLES + THERE_AND_BACK_SAMPLES;
/** RNNoise knows speech at 48 kHz only. */
const WIDE_FRAME_SAMPLES = 3 * SUPPRESSOR_FRAME_SAMPLES;

/** Takes the noise out of one call's audio, frame by frame at 16 kHz. What comes out is as long, and later by `SUPPRESSOR_DELAY_SAMPLES`. */
export interface NoiseSuppressor {
  process(frame: Int16Array, into: Int16Array): void;
  close(): void;
}

export type NewNoiseSuppressor = () => NoiseSuppressor;

/** Loads RNNoise (compiled to WebAssembly, so that nothing is built at install) once for all calls of a thread. */
export async function loadNoiseSuppressor(): Promise<NewNoiseSuppressor> {
  const rnnoise = await load();
  if (rnnoise._rnnoise_get_frame_size() !== WIDE_FRAME_SAMPLES) throw new Error('RNNoise has another frame size');
  const frame = rnnoise._malloc(WIDE_FRAME_SAMPLES * Float32Array.BYTES_PER_ELEMENT);
  return () => new Rnnoise(rnnoise, frame);
}

class Rnnoise implements NoiseSuppressor {
  readonly #rnnoise: RnnoiseModule;
  /** Where in its memory a frame is put; that of all calls. */
  readonly #at: number;
  readonly #state: number;
  readonly #up = new RateTripler(SUPPRESSOR_FRAME_SAMPLES);
  readonly #down = new RateThirder(SUPPRESSOR_FRAME_SAMPLES);

  constructor(rnnoise: RnnoiseModule, at: number) {
    this.#rnnoise = rnnoise;
    this.#at = at;
    this.#state = rnnoise._rnnoise_create(0);
  }

  process(frame: Int16Array, into: Int16Array): void {
    const at = this.#at / Float32Array.BYTES_PER_ELEMENT;
    const wide = this.#rnnoise.HEAPF32.subarray(at, at + WIDE_FRAME_SAMPLES);
    this.#up.process(frame, wide);
    this.#rnnoise._rnnoise_process_frame(this.#state, this.#at, this.#at);
    this.#down.process(wide, into);
  }

  close(): void {
    this.#rnnoise._rnnoise_destroy(this.#state);
  }
}
