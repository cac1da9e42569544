import type { Cancel, Clock } from '../../core/clock.js';
import type { AnsweredBy, Answerer, AnswerSign } from '../../domain/answered-by.js';
import type { HeardTone } from '../../domain/tone-recognizer.js';
import { speakerOfWords } from '../language/machine-words.js';

/** Most people have told their name by then, and wait for an answer; recordings have hardly begun. */
const LONG_GREETING_MS = 2_650;
/** How late the detector of speech tells an end: until then speech may be over already. */
const VAD_TAIL_MS = 200;
/** Within a greeting nobody pauses for longer: after a word or two, and after more. */
const AFTER_WORDS_MS = 700;
const AFTER_SENTENCE_MS = 900;
const SENTENCE_MS = 1_200;
/** By then it should be told; whoever has been silent for that long by then is not waited for any more. */
const DUE_MS = 3_450;
const SILENT_WHEN_DUE_MS = 500;
/** Whoever goes on so soon after a pause was not waiting for an answer. */
const GOES_ON_WITHIN_MS = 1_200;
/** A receptionist says no more than this at once, and then waits; a machine beeps sooner than that. */
const LONGEST_OF_PEOPLE_MS = 4_200;
const BEEPS_WITHIN_MS = 1_300;
/** A beep tells of a machine where somebody was taken for a human when it follows speech of this length so soon. */
const BEFORE_BEEP_MS = 1_500;
const BEEP_WITHIN_MS = 3_000;

/** How long after a verdict by the length of a greeting alone it is certain, unless it was changed. */
export const CERTAIN_AFTER_MS = LONGEST_OF_PEOPLE_MS - LONG_GREETING_MS + BEEPS_WITHIN_MS;

/** The newest run of speech, short pauses included. Monotonic milliseconds. `beforeMs`: speech that it goes on with after a longer pause. */
type Run = { beganMs: number; endedMs: number | undefined; beforeMs: number; confirmed: boolean };

/**
 * Tells from the answer on who is at the other end: by how long they speak before they wait, by their words and by tones.
 *
 * A verdict can be changed by a surer sign: a human's by a machine's words or its beep as long as there is time, or by going on after a pause; a
 * machine's by words of a menu, or where its greeting ends soon after all and no beep comes. Told each time.
 */
export class AnswerDetector {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onVerdict: (answeredBy: AnsweredBy) => void;
  #answeredMs = 0;
  #run: Run | undefined;
  #heard = false;
  #beeped = false;
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
    const run = this.#runFrom(atMs);
    this.#run = run;
    this.#at(run.beganMs + LONG_GREETING_MS - run.beforeMs + VAD_TAIL_MS, () => {
      const wentOn = run.beforeMs > 0 && this.#told?.reason === 'short_greeting';
      if (run.confirmed && (!this.#told || wentOn)) this.#tell('machine', 'long_greeting');
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
    const wasShort = spokenMs(run) <= LONGEST_OF_PEOPLE_MS && !this.#beeped;
    if (this.#told?.reason === 'long_greeting') {
      if (wasShort) this.#at(atMs + BEEPS_WITHIN_MS, () => this.#tell('human', 'short_greeting'));
      return;
    }
    const dueMs = Math.min(atMs + patienceMs(run), this.#answeredMs + DUE_MS);
    this.#at(Math.max(atMs + SILENT_WHEN_DUE_MS, dueMs), () => {
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
    const { verdict, reason } = this.#told ?? {};
    if (tone === 'fax' && verdict !== 'fax') return this.#tell('fax', 'fax_tone');
    if (tone !== 'beep' || this.#timeOver) return;
    this.#beeped = true;
    if (verdict === undefined || (verdict === 'human' && this.#run && this.#couldEndInBeep(this.#run))) {
      this.#tell('machine', 'beep');
    } else if (reason === 'long_greeting') this.#cancelWait();
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

  #runFrom(atMs: number): Run {
    const last = this.#run;
    const pauseMs = last?.confirmed ? atMs - (last.endedMs ?? atMs) : Number.POSITIVE_INFINITY;
    if (last && pauseMs < patienceMs(last)) return Object.assign(last, { endedMs: undefined });
    const beforeMs = last && pauseMs < GOES_ON_WITHIN_MS ? spokenMs(last) : 0;
    return { beganMs: atMs, endedMs: undefined, beforeMs, confirmed: false };
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

  /** The same verdict for a surer reason was clear before. */
  #tell(verdict: Answerer, reason: AnswerSign): void {
    this.#cancelWait();
    const nowMs = Math.max(0, Math.round(this.#clock.monotonicMs() - this.#answeredMs));
    const afterMs = this.#told?.verdict === verdict ? this.#told.afterMs : nowMs;
    this.#told = { verdict, reason, afterMs };
    this.#onVerdict(this.#told);
  }

  #at(atMs: number, task: () => void): void {
    this.#cancelWait();
    this.#cancelWait = this.#clock.schedule(atMs - this.#clock.monotonicMs(), task);
  }
}

/** Until `endedMs`, or its begin while it goes on. */
const spokenMs = ({ beganMs, endedMs = beganMs, beforeMs }: Run): number => beforeMs + endedMs - beganMs;

const patienceMs = (run: Run): number => (spokenMs(run) < SENTENCE_MS ? AFTER_WORDS_MS : AFTER_SENTENCE_MS);
