import type { Hearing } from './far-end-hearing.js';

/** Fewer packets than this say nothing of the loss. */
const LEAST_PACKETS = 20;
/** Loss comes in spells: what was seen is believed for some reports more. */
const KEPT_PER_REPORT = 0.6;
const NEGLIGIBLE_PERCENT = 0.5;

/** How much of what we send is lost, for an encoder that may guard against it: from one report of the far end to the next. */
export class ExpectedLoss {
  #latest: Hearing | undefined;
  #percent = 0;
  #told = 0;

  /** Returns the whole percentage when it is another than was told before. */
  note(hearing: Hearing | undefined): number | undefined {
    if (!hearing || hearing === this.#latest) return undefined;
    const packets = hearing.packets - (this.#latest?.packets ?? 0);
    if (packets < LEAST_PACKETS) return undefined;
    const lost = Math.max(0, hearing.lost - (this.#latest?.lost ?? 0));
    this.#latest = hearing;
    this.#percent = Math.max(Math.min(100, (100 * lost) / packets), this.#percent * KEPT_PER_REPORT);
    const percent = this.#percent < NEGLIGIBLE_PERCENT ? 0 : Math.ceil(this.#percent);
    if (percent === this.#told) return undefined;
    this.#told = percent;
    return percent;
  }
}
