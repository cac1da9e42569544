import { ENDPOINT_CAP_MS, NEUTRAL_WAIT_MS } from './endpointing.js';

/** How much the newest pause counts against those before. */
const NEWEST_SHARE = 0.4;
/** A turn without a pause makes the caller that much quicker. */
const FLUENT_FACTOR = 0.8;
/** A pause as long as theirs, and a little more. */
const MARGIN = 1.25;
/** Whatever their pauses, a wait grows by no more. */
const MOST_STRETCH = 1.5;
/** A longer silence is no pause in a sentence. */
const LONGEST_PAUSE_MS = 3_000;

/** How long one caller pauses within a sentence: waits that are shorter would cut them off again and again. */
export class CallerPace {
  readonly #scale: number;
  #pauseMs = 0;
  #paused = false;

  /** `endOfUtteranceMs`: the wait where the text does not tell; all others keep their proportion to it. */
  constructor(endOfUtteranceMs = NEUTRAL_WAIT_MS) {
    this.#scale = endOfUtteranceMs / NEUTRAL_WAIT_MS;
  }

  /** The caller went on after so much silence. */
  paused(ms: number): void {
    if (ms <= 0 || ms > LONGEST_PAUSE_MS) return;
    this.#pauseMs = this.#pauseMs === 0 ? ms : this.#pauseMs + NEWEST_SHARE * (ms - this.#pauseMs);
    this.#paused = true;
  }

  /** The turn is over. */
  turnEnded(): void {
    if (!this.#paused) this.#pauseMs *= FLUENT_FACTOR;
    this.#paused = false;
  }

  /** What a policy's wait is for this caller. */
  wait(policyMs: number): number {
    const ms = policyMs * this.#scale;
    const capMs = Math.max(ENDPOINT_CAP_MS, NEUTRAL_WAIT_MS * this.#scale);
    return Math.min(capMs, Math.max(ms, Math.min(this.#pauseMs * MARGIN, ms * MOST_STRETCH)));
  }
}
