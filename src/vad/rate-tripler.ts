const FACTOR = 3;
const TAPS = 73;
/** Of the higher rate: passes all of a telephone's voice and is down by 50 dB where the lower rate would fold. */
const CUT_OFF = 7_100 / 48_000;

/** What going up and down again delays, in samples of the lower rate. */
export const THERE_AND_BACK_SAMPLES = (TAPS - 1) / FACTOR;

/** A low-pass by the windowed ideal (Hamming); symmetric, so that all frequencies are delayed alike. */
const LOW_PASS = Float32Array.from({ length: TAPS }, (_, i) => {
  const at = i - (TAPS - 1) / 2;
  const ideal = at === 0 ? 2 * CUT_OFF : Math.sin(2 * Math.PI * CUT_OFF * at) / (Math.PI * at);
  return ideal * (0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (TAPS - 1)));
});

/** Takes a stream of frames from one rate to three times that. */
export class RateTripler {
  /** The newest samples of the frame before, then this frame. */
  readonly #samples: Float32Array;
  readonly #history = Math.ceil(TAPS / FACTOR) - 1;

  constructor(frameSamples: number) {
    this.#samples = new Float32Array(this.#history + frameSamples);
  }

  /** `into` has three times as many samples as `frame`. */
  process(frame: Int16Array, into: Float32Array): void {
    const samples = this.#samples;
    samples.copyWithin(0, frame.length);
    samples.set(frame, this.#history);
    for (let i = 0; i < frame.length; i += 1) {
      for (let phase = 0; phase < FACTOR; phase += 1) {
        let sum = 0;
        for (let tap = phase, at = this.#history + i; tap < TAPS; tap += FACTOR, at -= 1) {
          sum += (LOW_PASS[tap] ?? 0) * (samples[at] ?? 0);
        }
        into[FACTOR * i + phase] = FACTOR * sum;
      }
    }
  }
}

/** And back. */
export class RateThirder {
  readonly #samples: Float32Array;

  constructor(frameSamples: number) {
    this.#samples = new Float32Array(TAPS - 1 + FACTOR * frameSamples);
  }

  /** `frame` has three times as many samples as `into`, which saturates. */
  process(frame: Float32Array, into: Int16Array): void {
    const samples = this.#samples;
    samples.copyWithin(0, frame.length);
    samples.set(frame, TAPS - 1);
    for (let i = 0; i < into.length; i += 1) {
      let sum = 0;
      for (let tap = 0, at = TAPS - 1 + FACTOR * i; tap < TAPS; tap += 1, at -= 1)
        sum += (LOW_PASS[tap] ?? 0) * (samples[at] ?? 0);
      into[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
  }
}
