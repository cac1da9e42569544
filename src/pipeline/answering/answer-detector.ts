import type { Cancel, Clock } from '../../core/clock.js';
import type { AnsweredBy, Answerer, AnswerSign } from '../../domain/answered-by.js';
import type { HeardTone } from '../../domain/tone-recognizer.js';
import { speakerOfWords } from '../language/machine-words.js';

/** People have told their name by then, and wait for an answer; recordings have hardly begun. */
const LONG_GREETING_MS = 2_300;
/** How late the detector of speech tells an end: until then speech may be over already. */
const VAD_TAIL_MS = 200;
/** Within a greeting nobody pauses for longer. */
const AFTER_GREETING_MS = 700;
/** A beep tells of a machine where somebody was taken for a human when it follows speech of this length so soon. */
const BEFORE_BEEP_MS = 1_500;
const BEEP_WITHIN_MS = 3_000;

/** The newest run of speech, pauses of less than `AFTER_GREETING_MS` included. Monotonic milliseconds. */
type Run = { beganMs: number; endedMs: number | undefined; confirmed: boolean };

/**
 * Tells from the answer on who is at the other end: by how long they speak before they wait, by their words and by tones.
 *
 * A verdict can be changed by a surer sign: a human's by a machine's words or its beep as long as there is time, a machine's by words of a
 * menu. Told each time.
 */
export class AnswerDetector {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onVerdict: (answeredBy: AnsweredBy) => void;
  #answeredMs = 0;
  #run: Run | undefined;
  #heard = false;
  #told: AnsweredBy | undefined;
  #timeOver = false;
  #cancelWait: Cancel = () => {};
  #cancelLimit: Cancel = () => {};

  /** `timeoutMs`: who has not been told for a machine by then is a human. */
  constructor(options: { clock: Clock; timeoutMs: number }, onVerdict: (answeredBy: AnsweredBy) => void) {
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs;
    this.#onVerdict = onVerdict;
  }

  get told(): AnsweredBy | undefined {
    return this.#told;
  }

  /** The call is answered. `early`: a machine's words were heard before. */
  answered(early: boolean): void {
    this.#answeredMs = this.#clock.monotonicMs();
    this.#cancelLimit = this.#clock.schedule(this.#timeoutMs, () => this.#limitReached());
    if (early) this.#tell('machine', 'early_words');
  }

  speechBegan(atMs: number): void {
    this.#cancelWait();
    const goesOn = this.#run?.confirmed && atMs - (this.#run.endedMs ?? atMs) < AFTER_GREETING_MS;
    const run = goesOn && this.#run ? this.#run : { beganMs: atMs, endedMs: undefined, confirmed: false };
    run.endedMs = undefined;
    this.#run = run;
    this.#at(run.beganMs + LONG_GREETING_MS + VAD_TAIL_MS, () => {
      if (run.confirmed && !this.#told) this.#tell('machine', 'long_greeting');
    });
  }

  /** It is no cough. */
  speechConfirmed(): void {
    this.#heard = true;
    if (this.#run) this.#run.confirmed = true;
  }

  speechEnded(atMs: number): void {
    const run = this.#run;
    if (!run) return;
    run.endedMs = atMs;
    this.#at(atMs + AFTER_GREETING_MS, () => {
      if (run.confirmed && !this.#told) this.#tell('human', 'short_greeting');
    });
  }

  /** The other end's words so far, or the last of them. */
  understood(text: string): void {
    const speaker = speakerOfWords(text);
    const { verdict, reason } = this.#told ?? {};
    const unsure = verdict === undefined || reason === 'long_greeting';
    if (speaker === undefined || (verdict === speaker && !unsure)) return;
    if (unsure || (verdict === 'human' && speaker !== 'human' && !this.#timeOver)) this.#tell(speaker, 'words');
  }

  tone(tone: HeardTone): void {
    const verdict = this.#told?.verdict;
    if (tone === 'fax' && verdict !== 'fax') return this.#tell('fax', 'fax_tone');
    if (tone !== 'beep' || this.#timeOver) return;
    if (verdict === undefined || (verdict === 'human' && this.#run && this.#couldEndInBeep(this.#run))) {
      this.#tell('machine', 'beep');
    }
  }

  /** Somebody talks into what is left on the machine, who therefore is none. */
  spokeOverMessage(): void {
    this.#tell('human', 'spoke_over_message');
  }

  /** The call is over. */
  close(): void {
    if (!this.#told) this.#tell('unknown', 'call_over');
    this.#cancelWait();
    this.#cancelLimit();
  }

  #couldEndInBeep({ beganMs, endedMs }: Run): boolean {
    const nowMs = this.#clock.monotonicMs();
    const lastMs = endedMs ?? nowMs;
    return lastMs - beganMs >= BEFORE_BEEP_MS && nowMs - lastMs <= BEEP_WITHIN_MS;
  }

  #limitReached(): void {
    this.#timeOver = true;
    if (!this.#told) this.#tell(this.#heard ? 'human' : 'silence', 'time_over');
  }

  #tell(verdict: Answerer, reason: AnswerSign): void {
    this.#cancelWait();
    const afterMs = Math.max(0, Math.round(this.#clock.monotonicMs() - this.#answeredMs));
    this.#told = { verdict, reason, afterMs };
    this.#onVerdict(this.#told);
  }

  #at(atMs: number, task: () => void): void {
    this.#cancelWait();
    this.#cancelWait = this.#clock.schedule(atMs - this.#clock.monotonicMs(), task);
  }
}
