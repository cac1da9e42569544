import { FRAME_SAMPLES } from './line-record.js';

/** About -45 dBFS: where a caller's speech begins and ends. */
const CALLER_LOUD_RMS = 184;
/** About -56 dBFS: the agent can be heard. The line is digitally silent otherwise. */
const AUDIBLE_RMS = 50;
/** Frames of the undisturbed answer this loud tell at which level they were sent this time. */
const COMPARABLE_RMS = 100;
/** Between full level and the next step down, 12 dB below it. */
const FULL_LEVEL_GAIN = 0.7;
const MATCH_FRAMES = 50;
const MATCH_CORRELATION = 0.9;
/** Whoever has not been given the floor within two seconds was not listened to. */
const YIELD_FRAMES = 100;
const QUIET_FRAMES = 10;
const FRAME_MS = 20;

export type Line = { samples: Int16Array; arrivalsMs: readonly number[] };

/** First and last frame in which the caller really speaks, or undefined of silence. */
export function speechFrames(utterance: Int16Array): { first: number; last: number } | undefined {
  const loud = Array.from({ length: Math.floor(utterance.length / FRAME_SAMPLES) }, (_, frame) => frame).filter(
    (frame) => rms(frameOf(utterance, frame)) >= CALLER_LOUD_RMS,
  );
  const [first] = loud;
  const last = loud.at(-1);
  return first === undefined || last === undefined ? undefined : { first, last };
}

export type Yielded = { lastFullLevelMs: number; lastAudibleMs: number };

/**
 * When the agent gave way, on the wire: each packet after `fromMs` is held against the same packet of an undisturbed answer, and the
 * ratio is the level it was sent at. A pause in the answer counts as full level, so the result errs to the slow side.
 * Undefined when the line carried something else than that answer, or the agent went on.
 */
export function yieldedAfter(fromMs: number, line: Line, undisturbed: Int16Array): Yielded | undefined {
  const from = line.arrivalsMs.findIndex((arrivalMs) => arrivalMs >= fromMs);
  const lag = from < MATCH_FRAMES ? undefined : bestLag(line.samples, from - MATCH_FRAMES, undisturbed);
  if (lag === undefined) return undefined;
  let lastAudible = from - 1;
  let firstReduced: number | undefined;
  let missing = 0;
  for (let frame = from; missing < QUIET_FRAMES; frame++) {
    if (frame >= Math.min(from + YIELD_FRAMES, line.arrivalsMs.length)) return undefined;
    const audible = rms(frameOf(line.samples, frame)) >= AUDIBLE_RMS;
    if (audible) lastAudible = frame;
    const gain = gainOf(frameOf(line.samples, frame), frameOf(undisturbed, frame + lag));
    if (gain === undefined) continue;
    missing = audible ? 0 : missing + 1;
    if (gain >= FULL_LEVEL_GAIN) firstReduced = undefined;
    else firstReduced ??= frame;
  }
  const at = (frame: number): number => line.arrivalsMs[frame] ?? Number.NaN;
  return { lastFullLevelMs: at((firstReduced ?? from) - 1), lastAudibleMs: at(lastAudible) };
}

/** Whether the last second of `undisturbed` in which it can be heard is in the line after `fromMs`: the agent went on to the end. */
export function heardToTheEnd(fromMs: number, line: Line, undisturbed: Int16Array): boolean {
  const last = Math.floor(undisturbed.findLastIndex((sample) => Math.abs(sample) > AUDIBLE_RMS) / FRAME_SAMPLES) + 1;
  const from = line.arrivalsMs.findIndex((arrivalMs) => arrivalMs >= fromMs);
  if (from < 0 || last < MATCH_FRAMES) return false;
  return bestLag(undisturbed, last - MATCH_FRAMES, line.samples.subarray(from * FRAME_SAMPLES)) !== undefined;
}

/** The longest stretch between `fromMs` and `toMs` in which the agent can be heard, in ms. */
export function audibleBetween(fromMs: number, toMs: number, line: Line): number {
  let longest = 0;
  let run = 0;
  for (const [frame, arrivalMs] of line.arrivalsMs.entries()) {
    if (arrivalMs < fromMs || arrivalMs > toMs) continue;
    run = rms(frameOf(line.samples, frame)) >= AUDIBLE_RMS ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest * FRAME_MS;
}

/** The longest stretch after `fromMs` in which the agent cannot be heard, up to the last moment in which it can; undefined when it cannot at all. */
export function longestQuietAfter(fromMs: number, line: Line): number | undefined {
  let quietSinceMs = fromMs;
  let longest: number | undefined;
  for (const [frame, arrivalMs] of line.arrivalsMs.entries()) {
    if (arrivalMs < fromMs || rms(frameOf(line.samples, frame)) < AUDIBLE_RMS) continue;
    longest = Math.max(longest ?? 0, arrivalMs - quietSinceMs);
    quietSinceMs = arrivalMs;
  }
  return longest;
}

/** Arrival of the first packet in which the agent is heard after `fromMs`; undefined when the line was not quiet at that moment. */
export function firstAudibleAfter(fromMs: number, line: Line): { frame: number; atMs: number } | undefined {
  const from = line.arrivalsMs.findIndex((arrivalMs) => arrivalMs >= fromMs);
  if (from < QUIET_FRAMES) return undefined;
  for (let frame = from - QUIET_FRAMES; frame < line.arrivalsMs.length; frame++) {
    if (rms(frameOf(line.samples, frame)) < AUDIBLE_RMS) continue;
    return frame < from ? undefined : { frame, atMs: line.arrivalsMs[frame] ?? Number.NaN };
  }
  return undefined;
}

/** An answer begins with a packet, so it can only be a whole number of frames away from its undisturbed self. */
function bestLag(samples: Int16Array, frame: number, undisturbed: Int16Array): number | undefined {
  const probe = samples.subarray(frame * FRAME_SAMPLES, (frame + MATCH_FRAMES) * FRAME_SAMPLES);
  let best: { lag: number; correlation: number } | undefined;
  for (let at = 0; at + MATCH_FRAMES <= undisturbed.length / FRAME_SAMPLES; at++) {
    const other = undisturbed.subarray(at * FRAME_SAMPLES, (at + MATCH_FRAMES) * FRAME_SAMPLES);
    const correlation = product(probe, other) / Math.sqrt(product(probe, probe) * product(other, other) || 1);
    if (!best || correlation > best.correlation) best = { lag: at - frame, correlation };
  }
  return best && best.correlation >= MATCH_CORRELATION ? best.lag : undefined;
}

function gainOf(frame: Int16Array, undisturbed: Int16Array): number | undefined {
  return rms(undisturbed) < COMPARABLE_RMS ? undefined : product(frame, undisturbed) / product(undisturbed, undisturbed);
}

const frameOf = (samples: Int16Array, frame: number): Int16Array =>
  samples.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);

const rms = (frame: Int16Array): number => (frame.length === 0 ? 0 : Math.sqrt(product(frame, frame) / frame.length));

function product(a: Int16Array, b: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
