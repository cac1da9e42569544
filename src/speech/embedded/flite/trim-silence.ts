/** What remains before the first sound, so that its onset is not clipped. */
const LEAD_MS = 30;
/** A sample sounds when it passes this share of the loudest one (-40 dB)... */
const THRESHOLD_OF_PEAK = 0.01;
/** ...or this floor, whichever is higher: dither of the synthesiser is not speech. */
const THRESHOLD_FLOOR = 40;

/**
 * Speech without the synthesiser's padding: at most 30 ms before the first sound and exactly `pauseMs` after the last.
 * Returns an empty array when nothing sounds.
 */
export function trimSilence(pcm: Int16Array, rateHz: number, pauseMs: number): Int16Array<ArrayBuffer> {
  let peak = 0;
  for (const sample of pcm) peak = Math.max(peak, Math.abs(sample));
  const threshold = Math.max(THRESHOLD_FLOOR, peak * THRESHOLD_OF_PEAK);
  const first = pcm.findIndex((sample) => Math.abs(sample) >= threshold);
  if (first === -1) return new Int16Array(0);
  const last = pcm.findLastIndex((sample) => Math.abs(sample) >= threshold);
  const start = Math.max(0, first - Math.round((rateHz * LEAD_MS) / 1000));
  const trimmed = new Int16Array(last + 1 - start + Math.round((rateHz * pauseMs) / 1000));
  trimmed.set(pcm.subarray(start, start + trimmed.length));
  return trimmed;
}
