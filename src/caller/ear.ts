import type { Cancel, Clock } from '../core/clock.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';

/** How long the far end must be silent before it counts as having finished; longer than its pauses between sentences. */
const FINISHED_AFTER_MS = 850;

/** What a scripted caller makes of what it hears: whether the far end speaks, for how long, and whether it has finished. */
export class Ear {
  readonly #clock: Clock;
  #speakingSinceMs: number | undefined;
  #quietSinceMs: number;
  #utterances = 0;
  #waiting = new Set<() => void>();
  /** Gives up each wait that is under way. */
  readonly #giveUps = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#quietSinceMs = clock.monotonicMs();
  }

  hear(event: VoiceEvent): void {
    if (event.type === 'ended') {
      this.#speakingSinceMs = undefined;
      this.#quietSinceMs = this.#clock.monotonicMs();
    } else if (this.#speakingSinceMs === undefined) {
      this.#speakingSinceMs = this.#clock.monotonicMs();
      this.#utterances += 1;
    }
    for (const check of this.#waiting) check();
  }

  /** How often the far end began to speak so far. */
  get utterances(): number {
    return this.#utterances;
  }

  /** Resolves when the far end has spoken since `afterUtterances` and has finished, or when `limitMs` is over. */
  finished(afterUtterances: number, limitMs: number): Promise<boolean> {
    return this.#until(limitMs, () => {
      if (this.#speakingSinceMs !== undefined || this.#utterances <= afterUtterances) return undefined;
      return this.#quietSinceMs + FINISHED_AFTER_MS - this.#clock.monotonicMs();
    });
  }

  /** Resolves when the far end, having begun after `afterUtterances`, has been speaking for `forMs`. */
  speakingFor(afterUtterances: number, forMs: number, limitMs: number): Promise<boolean> {
    return this.#until(limitMs, () => {
      if (this.#speakingSinceMs === undefined || this.#utterances <= afterUtterances) return undefined;
      return this.#speakingSinceMs + forMs - this.#clock.monotonicMs();
    });
  }

  /** Nothing more will be heard: every wait ends unmet, and no timer is left to keep the process. */
  close(): void {
    for (const giveUp of this.#giveUps) giveUp();
  }

  /** `remainingMs` says how long the condition must still hold, or undefined while it does not hold at all. */
  #until(limitMs: number, remainingMs: () => number | undefined): Promise<boolean> {
    return new Promise((resolve) => {
      let cancelTimer: Cancel = () => undefined;
      const settle = (met: boolean): void => {
        cancelLimit();
        cancelTimer();
        this.#waiting.delete(check);
        this.#giveUps.delete(giveUp);
        resolve(met);
      };
      const giveUp = (): void => settle(false);
      const check = (): void => {
        cancelTimer();
        const remaining = remainingMs();
        if (remaining === undefined) return;
        if (remaining <= 0) settle(true);
        else cancelTimer = this.#clock.schedule(remaining, check);
      };
      const cancelLimit = this.#clock.schedule(limitMs, giveUp);
      this.#waiting.add(check);
      this.#giveUps.add(giveUp);
      check();
    });
  }
}
