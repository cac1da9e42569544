/** Zero crossings of the sinc on each side of its middle: what lies above half the lower rate ends up 60 dB down. */
const ZERO_CROSSINGS = 16;
/** Of half the lower rate: room for the filter's slope. */
const PASS_BAND = 0.92;
/** Rates without much in common would take a table of millions. */
const MAX_PHASES = 4096;

/**
 * Samples at another rate, by a windowed sinc. Both rates are whole numbers of hertz; the result lies over the input without delay, and
 * is clipped to 16 bits.
 */
export function resample(samples: Int16Array | Float32Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz && samples instanceof Int16Array) return samples;
  const length = Math.floor((samples.length * toHz) / fromHz);
  const out = new Int16Array(length);
  const { taps, phases, half } = filterFor(fromHz, toHz);
  const width = 2 * half;
  for (let n = 0; n < length; n += 1) {
    const position = (n * fromHz) / toHz;
    const whole = Math.floor(position);
    // Between two phases the nearer one is as good: they lie a four-thousandth of a sample apart at most.
    const phase = Math.min(phases - 1, Math.round((position - whole) * phases));
    const first = whole - half + 1;
    let sum = 0;
    for (let k = Math.max(0, -first), end = Math.min(width, samples.length - first); k < end; k += 1) {
      sum += (samples[first + k] ?? 0) * (taps[phase * width + k] ?? 0);
    }
    out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return out;
}

type Filter = { taps: Float32Array; phases: number; half: number };

/** For each place between two samples, the weights of those around it; they add up to 1. */
function filterFor(fromHz: number, toHz: number): Filter {
  const phases = Math.min(MAX_PHASES, toHz / greatestCommonDivisor(fromHz, toHz));
  const cutoff = PASS_BAND * Math.min(1, toHz / fromHz);
  const half = Math.ceil(ZERO_CROSSINGS / cutoff);
  const taps = new Float32Array(phases * 2 * half);
  for (let phase = 0; phase < phases; phase += 1) {
    const row = taps.subarray(phase * 2 * half, (phase + 1) * 2 * half);
    for (let k = 0; k < row.length; k += 1) row[k] = weight(k - half + 1 - phase / phases, cutoff, half);
    const total = row.reduce((sum, tap) => sum + tap, 0);
    for (let k = 0; k < row.length; k += 1) row[k] = (row[k] ?? 0) / total;
  }
  return { taps, phases, half };
}

/** The sinc at `distance` samples from its middle, under a Hann window that ends after `half` samples. */
function weight(distance: number, cutoff: number, half: number): number {
  const x = Math.PI * distance * cutoff;
  const sinc = x === 0 ? 1 : Math.sin(x) / x;
  const window = Math.abs(distance) >= half ? 0 : 0.5 + 0.5 * Math.cos((Math.PI * distance) / half);
  return sinc * window;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
