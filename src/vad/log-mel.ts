import { Fourier } from './fourier.js';

/** What models of the Whisper family hear: the logarithm of the power in 80 bands of the mel scale, every 10 ms. */
export const MEL_BANDS = 80;
const RATE_HZ = 16_000;
const WINDOW = 400;
export const HOP = 160;
const BINS = WINDOW / 2 + 1;
const FLOOR = 1e-10;
/** Decades below the loudest band: what is fainter is all the same. */
const RANGE = 8;

/** Slaney's scale: linear up to 1 kHz, logarithmic above. */
const LINEAR_HZ = 200 / 3;
const KNEE_HZ = 1_000;
const KNEE_MEL = KNEE_HZ / LINEAR_HZ;
const LOG_STEP = Math.log(6.4) / 27;
const melOf = (hz: number): number => (hz < KNEE_HZ ? hz / LINEAR_HZ : KNEE_MEL + Math.log(hz / KNEE_HZ) / LOG_STEP);
const hzOf = (mel: number): number => (mel < KNEE_MEL ? mel * LINEAR_HZ : KNEE_HZ * Math.exp(LOG_STEP * (mel - KNEE_MEL)));

/** A triangle over the bins from `first` on. */
type Band = { first: number; weights: Float64Array };

const BANDS: readonly Band[] = bandsOf();
const HANN = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));

/** [MEL_BANDS, audio.length / HOP], band by band, of audio (a whole number of hops) that is brought to mean 0 and variance 1 before. */
export const whisperFeatures = (audio: Float32Array): Float32Array => logMel(normalized(audio));

function logMel(audio: Float32Array): Float32Array {
  const frames = Math.floor(audio.length / HOP);
  const features = new Float32Array(MEL_BANDS * frames);
  const fourier = new Fourier(WINDOW);
  const power = [new Float64Array(BINS), new Float64Array(BINS)];
  let loudest = Number.NEGATIVE_INFINITY;
  // Two frames at a time: one as the real part, one as the imaginary part.
  for (let frame = 0; frame < frames; frame += 2) {
    windowed(audio, frame, fourier.re);
    windowed(audio, frame + 1, fourier.im);
    powersOf(fourier, power[0]!, power[1]!);
    for (let which = 0; which < 2 && frame + which < frames; which += 1) {
      for (const [band, { first, weights }] of BANDS.entries()) {
        let sum = 0;
        for (let i = 0; i < weights.length; i += 1) sum += weights[i]! * power[which]![first + i]!;
        const level = Math.log10(Math.max(FLOOR, sum));
        features[band * frames + frame + which] = level;
        loudest = Math.max(loudest, level);
      }
    }
  }
  return features.map((level) => (Math.max(level, loudest - RANGE) + 4) / 4);
}

/** The frame lies around its moment; beyond both ends the audio is mirrored. */
function windowed(audio: Float32Array, frame: number, into: Float64Array): void {
  const last = audio.length - 1;
  for (let i = 0; i < WINDOW; i += 1) {
    const at = Math.abs(frame * HOP - WINDOW / 2 + i);
    into[i] = HANN[i]! * (audio[at <= last ? at : 2 * last - at] ?? 0);
  }
}

/** Of the two real signals that were transformed as one complex one. */
function powersOf(fourier: Fourier, ofRe: Float64Array, ofIm: Float64Array): void {
  const { re, im } = fourier.transform();
  for (let k = 0; k < BINS; k += 1) {
    const mirrored = (WINDOW - k) % WINDOW;
    const sumRe = re[k]! + re[mirrored]!;
    const sumIm = im[k]! + im[mirrored]!;
    const differenceRe = re[k]! - re[mirrored]!;
    const differenceIm = im[k]! - im[mirrored]!;
    ofRe[k] = (sumRe * sumRe + differenceIm * differenceIm) / 4;
    ofIm[k] = (sumIm * sumIm + differenceRe * differenceRe) / 4;
  }
}

/** Each triangle has the same area. */
function bandsOf(): Band[] {
  const top = melOf(RATE_HZ / 2);
  const edges = Array.from({ length: MEL_BANDS + 2 }, (_, i) => hzOf((top * i) / (MEL_BANDS + 1)));
  return Array.from({ length: MEL_BANDS }, (_, band) => {
    const [low, middle, high] = [edges[band]!, edges[band + 1]!, edges[band + 2]!];
    const weights = Float64Array.from({ length: BINS }, (_weight, bin) => {
      const hz = (bin * RATE_HZ) / WINDOW;
      return (Math.max(0, Math.min((hz - low) / (middle - low), (high - hz) / (high - middle))) * 2) / (high - low);
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    return { first, weights: weights.slice(first, weights.findLastIndex((weight) => weight > 0) + 1) };
  });
}

function normalized(audio: Float32Array): Float32Array {
  let sum = 0;
  for (const x of audio) sum += x;
  const mean = sum / audio.length;
  let squares = 0;
  for (const x of audio) squares += (x - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / audio.length + 1e-7);
  return audio.map((x) => (x - mean) * scale);
}
