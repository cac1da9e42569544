const FRAME = 320;
const BINS_HZ = Array.from({ length: 24 }, (_, i) => 150 + i * 160);
const RATE_HZ = 16_000;
/** Frames fainter than this below the loudest hold no speech. */
const SPEECH_BELOW_LOUDEST_DB = 35;

/** Mean over the frames with speech, each bounded to -10..35 dB as is the custom; of `pcm` against what it should be. */
export function segmentalSnrDb(wanted: Int16Array, pcm: Int16Array): number {
  return mean(
    speechFrames(wanted).map((at) => {
      let signal = 0;
      let error = 0;
      for (let i = at; i < at + FRAME; i += 1) {
        signal += (wanted[i] ?? 0) ** 2;
        error += ((wanted[i] ?? 0) - (pcm[i] ?? 0)) ** 2;
      }
      return Math.max(-10, Math.min(35, 10 * Math.log10(signal / Math.max(error, 1e-3))));
    }),
  );
}

/** Root mean square over 24 frequencies from 150 to 3830 Hz, mean over the frames with speech; 0 is the same. */
export function logSpectralDistanceDb(wanted: Int16Array, pcm: Int16Array): number {
  return mean(
    speechFrames(wanted).map((at) => {
      const frames = [wanted, pcm].map((samples) => samples.subarray(at, at + FRAME));
      const [a, b] = frames.map((frame) => BINS_HZ.map((hz) => levelAtDb(frame, hz)));
      return Math.sqrt(mean(BINS_HZ.map((_, k) => ((a?.[k] ?? 0) - (b?.[k] ?? 0)) ** 2)));
    }),
  );
}

function speechFrames(pcm: Int16Array): number[] {
  const energies = Array.from({ length: Math.floor(pcm.length / FRAME) }, (_, k) =>
    pcm.subarray(k * FRAME, (k + 1) * FRAME).reduce((sum, x) => sum + x * x, 0),
  );
  const least = Math.max(...energies) / 10 ** (SPEECH_BELOW_LOUDEST_DB / 10);
  return energies.flatMap((energy, k) => (energy > least ? [k * FRAME] : []));
}

/** Never below the noise of 16 bits, which says nothing. */
function levelAtDb(frame: Int16Array, hz: number): number {
  const w = (2 * Math.PI * hz) / RATE_HZ;
  let re = 0;
  let im = 0;
  for (const [i, x] of frame.entries()) {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME);
    re += x * hann * Math.cos(w * i);
    im += x * hann * Math.sin(w * i);
  }
  return 10 * Math.log10(Math.max((re * re + im * im) / FRAME, 1));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
