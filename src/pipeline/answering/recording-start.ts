import type { Cancel, Clock } from '../../core/clock.js';

/** A machine that does not beep records when it has been silent for so long. */
const SILENCE_MS = 1_500;
/** Nobody's greeting is longer; whoever talks on does not record. */
const LONGEST_GREETING_MS = 90_000;
/** A machine records from the end of its beep on, or a little later. */
const AFTER_BEEP_MS = 250;

export type RecordingSign = 'beep' | 'silence' | 'never';

/** Tells when an answering machine begins to record. Times are monotonic milliseconds. */
export class RecordingStart {
  readonly #clock: Clock;
  readonly #onStart: (sign: RecordingSign) => void;
  readonly #cancelLimit: Cancel;
  #cancelWait: Cancel = () => {};
  #over = false;
  #beeped = false;

  /** Begins in silence, which speech that goes on ends at once. `onStart`: once. */
  constructor(clock: Clock, onStart: (sign: RecordingSign) => void) {
    this.#clock = clock;
    this.#onStart = onStart;
    this.#cancelLimit = clock.schedule(LONGEST_GREETING_MS, () => this.#start('never'));
    this.#wait(SILENCE_MS, 'silence');
  }

  speechBegan(): void {
    if (!this.#beeped) this.#cancelWait();
  }

  speechEnded(atMs: number): void {
    if (!this.#over && !this.#beeped) this.#wait(atMs + SILENCE_MS - this.#clock.monotonicMs(), 'silence');
  }

  beep(): void {
    if (this.#over) return;
    this.#beeped = true;
    this.#wait(AFTER_BEEP_MS, 'beep');
  }

  close(): void {
    this.#over = true;
    this.#cancelWait();
    this.#cancelLimit();
  }

  #wait(delayMs: number, sign: RecordingSign): void {
    this.#cancelWait();
    this.#cancelWait = this.#clock.schedule(delayMs, () => this.#start(sign));
  }

  #start(sign: RecordingSign): void {
    this.close();
    this.#onStart(sign);
  }
}
