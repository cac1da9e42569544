import type { Cancel } from '../core/clock.js';
import type { FreezableTimers } from './freezable-timers.js';

/** Nobody is to wait in silence for longer than two and a half seconds; the synthesiser needs its part of that. */
const SILENCE_LIMIT_MS = 2_000;
/** Even then, what is about to be said has this long to come. */
const LEAST_MS = 600;

export type FillersOptions = {
  timers: FreezableTimers;
  /** In the order in which they are said; from the second on again and again. */
  texts: readonly string[];
  /** Silence in which the first is said; the next ones follow at the limit of what a caller bears. */
  afterMs: number;
  /** How long the caller has been waiting already. */
  waitedMs: number;
  say: (filler: string) => void;
};

/** Says that the agent is still there while its words are being waited for. Of one reply. */
export class Fillers {
  readonly #options: FillersOptions;
  #said = 0;
  #nextMs: number;
  #cancel: Cancel | undefined;

  constructor(options: FillersOptions) {
    this.#options = options;
    const { afterMs, waitedMs } = options;
    this.#nextMs = Math.min(afterMs, Math.max(LEAST_MS, SILENCE_LIMIT_MS - waitedMs));
  }

  /** From now on nothing is heard. */
  quiet(): void {
    this.#cancel ??= this.#options.timers.schedule(this.#nextMs, () => {
      this.#cancel = undefined;
      this.#say();
    });
  }

  /** Something is heard: a filler of these, or words. */
  audible(isFiller: boolean): void {
    this.stop();
    this.#nextMs = isFiller ? SILENCE_LIMIT_MS : Math.min(this.#options.afterMs, SILENCE_LIMIT_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #say(): void {
    const { texts, say } = this.#options;
    const text = texts[this.#said < 2 ? this.#said : 1 + ((this.#said - 1) % Math.max(1, texts.length - 1))] ?? texts[0];
    this.#said += 1;
    if (text !== undefined) say(text);
  }
}
