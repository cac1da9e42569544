/** Levels are taken of frames this long. */
export const FRAME_MS = 20;

/** Speech of one channel, in frames: `from` inclusive, `to` exclusive. */
export type Segment = { from: number; to: number };

/** Speech stands this far above what the line sounds like when nobody speaks. */
const ABOVE_NOISE_DB = 12;
const FAINTEST_SPEECH_DBFS = -50;
/** A line that hums louder than this is taken for one where somebody speaks all the time. */
const LOUDEST_NOISE_DBFS = -25;
/** Of the frames that are not digital silence, the tenth part that is the quietest is what the line sounds like … */
const NOISE_SHARE = 0.1;
/** … unless so many are: then it has no sound of its own, as our side has none. */
const SILENT_SHARE = 0.4;
/** Frames that must be loud, in so many, for speech to begin: a click is none. */
const BEGIN_WINDOW = 6;
const BEGIN_NEEDED = 4;
/** Pauses up to this are part of an utterance. */
const PAUSE_FRAMES = 600 / FRAME_MS;
/** Kept before and after, so that no sound of a word is cut off. */
const MARGIN_FRAMES = 200 / FRAME_MS;
/** Longer ones are cut where they are quietest: a recogniser answers for so much in a few seconds even on a busy machine. */
const LONGEST_FRAMES = 15_000 / FRAME_MS;
/** The agent's voice comes back from the caller's telephone, this much weaker at the least and this much later at the most. */
const ECHO_DOWN_DB = 25;
const ECHO_FRAMES = 400 / FRAME_MS;

/**
 * Where somebody speaks, by level alone. `levels` are dB below full scale, one per frame; where `other` is given, what may be its
 * echo does not count.
 */
export function speechSegments(levels: Float32Array, other?: Float32Array): Segment[] {
  const threshold = thresholdOf(levels);
  const echo = other && echoOf(other);
  const isLoud = levels.map((level, i) => (level > threshold && level > (echo?.[i] ?? Number.NEGATIVE_INFINITY) ? 1 : 0));
  const segments: Segment[] = [];
  for (const run of runsOf(isLoud)) {
    const from = Math.max(run.from - MARGIN_FRAMES, segments.at(-1)?.to ?? 0);
    segments.push(...pieces({ from, to: Math.min(levels.length, run.to + MARGIN_FRAMES) }, levels));
  }
  return segments;
}

function thresholdOf(levels: Float32Array): number {
  const audible = levels.filter((level) => Number.isFinite(level)).sort();
  if (audible.length < levels.length * (1 - SILENT_SHARE)) return FAINTEST_SPEECH_DBFS;
  const noise = audible[Math.floor(audible.length * NOISE_SHARE)] ?? FAINTEST_SPEECH_DBFS;
  return Math.min(LOUDEST_NOISE_DBFS, Math.max(FAINTEST_SPEECH_DBFS, noise + ABOVE_NOISE_DB));
}

/** The loudest echo there may be in each frame. */
function echoOf(levels: Float32Array): Float32Array {
  return levels.map((_, i) => Math.max(...levels.subarray(Math.max(0, i - ECHO_FRAMES), i + 1)) - ECHO_DOWN_DB);
}

function runsOf(isLoud: Float32Array): Segment[] {
  const runs: Segment[] = [];
  let open: Segment | undefined;
  let loudInWindow = 0;
  for (const [i, loud] of isLoud.entries()) {
    loudInWindow += loud - (isLoud[i - BEGIN_WINDOW] ?? 0);
    if (open) {
      if (loud === 1) open.to = i + 1;
      else if (i - open.to >= PAUSE_FRAMES) open = undefined;
    } else if (loudInWindow >= BEGIN_NEEDED) {
      const window = Math.max(runs.at(-1)?.to ?? 0, i + 1 - BEGIN_WINDOW);
      open = { from: isLoud.indexOf(1, window), to: i + 1 };
      runs.push(open);
    }
  }
  return runs;
}

/** Cuts what is too long at its quietest frame, away from the ends. */
function pieces(segment: Segment, levels: Float32Array): Segment[] {
  const length = segment.to - segment.from;
  if (length <= LONGEST_FRAMES) return length > 0 ? [segment] : [];
  const quarter = Math.floor(length / 4);
  let cut = segment.from + quarter;
  for (let i = cut; i < segment.to - quarter; i += 1) if ((levels[i] ?? 0) < (levels[cut] ?? 0)) cut = i;
  return [...pieces({ from: segment.from, to: cut }, levels), ...pieces({ from: cut, to: segment.to }, levels)];
}
