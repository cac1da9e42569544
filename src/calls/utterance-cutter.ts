import { AUDIO_RATE_HZ } from '../domain/ports/media.js';

const FRAME_MS = 20;
const FRAME_SAMPLES = (AUDIO_RATE_HZ * FRAME_MS) / 1000;
/** Speech stands this far above the quietest frame of the last seconds, and is not fainter than this. */
const ABOVE_NOISE_DB = 12;
const FAINTEST_SPEECH_DBFS = -50;
/** A line that hums louder is taken for one where somebody speaks all the time. */
const LOUDEST_NOISE_DBFS = -35;
/** Somebody draws breath more often than that. */
const NOISE_FRAMES = 3_000 / FRAME_MS;
/** Before the first frame the line counts as this quiet, so that nobody's first word is taken for its noise. */
const QUIET_DBFS = -60;
/** Of so many frames, those that must be loud for speech to begin: a click is none. */
const BEGIN_WINDOW = 6;
const BEGIN_NEEDED = 4;
const PAUSE_FRAMES = 700 / FRAME_MS;
/** Kept before the first loud frame, so that no sound of a word is cut off. */
const MARGIN_FRAMES = 200 / FRAME_MS;
/** A recogniser is given no more at once. */
const LONGEST_FRAMES = 15_000 / FRAME_MS;

type Frame = { samples: Int16Array; loud: boolean };

/** Somebody has said something: 16 kHz mono; `endedMsAgo` before the last sample that was heard. */
export type CutUtterance = { pcm: Int16Array; endedMsAgo: number };

/** Cuts what one microphone sends into utterances, by level alone. */
export class UtteranceCutter {
  readonly #onUtterance: (utterance: CutUtterance) => void;
  #rest = new Int16Array();
  readonly #levels: number[] = [];
  /** The margin before speech, then all of it. */
  #frames: Frame[] = [];
  #speaking = false;

  constructor(onUtterance: (utterance: CutUtterance) => void) {
    this.#onUtterance = onUtterance;
  }

  /** 16 kHz mono, as it comes. */
  hear(pcm: Int16Array): void {
    const all = joined([this.#rest, pcm]);
    const whole = all.length - (all.length % FRAME_SAMPLES);
    this.#rest = all.slice(whole);
    for (let at = 0; at < whole; at += FRAME_SAMPLES) this.#frame(all.slice(at, at + FRAME_SAMPLES));
  }

  /** Nothing more comes for now: what was being said is over. */
  end(): void {
    this.#rest = new Int16Array();
    if (this.#speaking) this.#cut();
    else this.#frames = [];
  }

  /** What was heard so far was nobody's to keep. */
  forget(): void {
    this.#rest = new Int16Array();
    this.#frames = [];
    this.#speaking = false;
  }

  #frame(samples: Int16Array): void {
    const level = levelOf(samples);
    const quietest = Math.min(...this.#levels, this.#levels.length < NOISE_FRAMES ? QUIET_DBFS : 0, level);
    this.#levels.push(level);
    if (this.#levels.length > NOISE_FRAMES) this.#levels.shift();
    const noise = Math.min(LOUDEST_NOISE_DBFS, quietest);
    this.#frames.push({ samples, loud: level > Math.max(FAINTEST_SPEECH_DBFS, noise + ABOVE_NOISE_DB) });
    if (!this.#speaking) this.#await();
    else if (this.#quietFrames() >= PAUSE_FRAMES || this.#frames.length >= LONGEST_FRAMES) this.#cut();
  }

  #await(): void {
    const loud = this.#frames.slice(-BEGIN_WINDOW).filter((frame) => frame.loud).length;
    if (loud >= BEGIN_NEEDED) this.#speaking = true;
    else if (this.#frames.length > MARGIN_FRAMES + BEGIN_WINDOW) this.#frames.shift();
  }

  /** Since the last loud one. */
  #quietFrames(): number {
    return this.#frames.length - 1 - this.#frames.findLastIndex(({ loud }) => loud);
  }

  #cut(): void {
    const quiet = this.#quietFrames();
    const pcm = joined(this.#frames.map(({ samples }) => samples));
    this.#frames = [];
    this.#speaking = false;
    this.#onUtterance({ pcm, endedMsAgo: quiet * FRAME_MS });
  }
}

/** In decibels below full scale. */
function levelOf(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(Math.max(1, energy / samples.length) / 32_768 ** 2);
}

function joined(pieces: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const all = new Int16Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
