import type { Cancel, Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { RecognitionOptions, RecognitionStream, SpeechToText } from '../domain/ports/speech.js';
import { DeadlineError, within } from './deadline.js';
import type { FreezableTimers } from './freezable-timers.js';

/** Small enough that a partial is never late for want of audio. */
const FEED_EVERY_MS = 30;
/** A recogniser slower than this is answered from its last partial. */
const FINAL_WITHIN_MS = 700;
/** One that told no partial, as a transcription by request does, is waited for this much longer before it counts as failed. */
const ONLY_FINAL_WITHIN_MS = 4_300;

export type UtteranceDeps = {
  clock: Clock;
  timers: FreezableTimers;
  media: Pick<MediaSession, 'heard' | 'readHeard'>;
  stt: SpeechToText;
};

/** `heardAs`: what a model that heard it itself knows it by. */
export type Understood = { text: string; heardAs: string | undefined };

/** Feeds what is heard from one sample on to one recogniser stream, until `finish`. */
export class Utterance {
  readonly #deps: UtteranceDeps;
  readonly #signal: AbortSignal;
  #stream: RecognitionStream | undefined;
  #failure: Error | undefined;
  #fedUntil: number;
  #partial = '';
  #cancelFeed: Cancel = () => undefined;

  constructor(deps: UtteranceDeps, options: RecognitionOptions, fromSample: number) {
    this.#deps = deps;
    this.#signal = options.signal;
    this.#fedUntil = fromSample;
    this.#guard(() => {
      this.#stream = deps.stt.open({
        ...options,
        onPartial: (text) => {
          this.#partial = text.trim();
          if (!options.signal.aborted) options.onPartial?.(this.#partial);
        },
      });
    });
    options.signal.addEventListener('abort', () => this.#cancelFeed(), { once: true });
    this.#feed();
  }

  get partial(): string {
    return this.#partial;
  }

  /** Where the next utterance's audio begins at the earliest. */
  get fedUntil(): number {
    return this.#fedUntil;
  }

  /** Resolves with the text, or with the last partial when the recogniser is slow. Rejects when it failed, said nothing in time, or was aborted. */
  async finish(): Promise<Understood> {
    this.#cancelFeed();
    this.#write();
    if (this.#failure || !this.#stream) throw this.#failure ?? new Error('the recogniser did not open');
    const final = this.#stream.finish().then(({ text, heardAs }) => ({ text: text.trim(), heardAs }));
    const early = await this.#finalWithin(final, FINAL_WITHIN_MS);
    if (!(early instanceof DeadlineError)) return early;
    const late = await this.#finalWithin(final, ONLY_FINAL_WITHIN_MS);
    if (!(late instanceof DeadlineError)) return late;
    throw late;
  }

  /** The final, or the last partial when the time is over; without one, the error that says so. */
  #finalWithin(final: Promise<Understood>, limitMs: number): Promise<Understood | DeadlineError> {
    const options = { clock: this.#deps.clock, limitMs, signal: this.#signal, what: 'the recogniser' };
    return within(final, options).catch((error: unknown) => {
      if (!(error instanceof DeadlineError)) throw error;
      return this.#partial === '' ? error : { text: this.#partial, heardAs: undefined };
    });
  }

  #feed(): void {
    if (this.#signal.aborted) return;
    this.#write();
    this.#cancelFeed = this.#deps.timers.schedule(FEED_EVERY_MS, () => this.#feed());
  }

  #write(): void {
    const heard = this.#deps.media.heard();
    if (heard <= this.#fedUntil || this.#failure) return;
    const pcm = this.#deps.media.readHeard(this.#fedUntil, heard);
    this.#fedUntil = heard;
    this.#guard(() => this.#stream?.write(pcm));
  }

  /** A recogniser that throws on the way fails at `finish`, where the conversation deals with it. */
  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#failure ??= toError(error);
    }
  }
}
