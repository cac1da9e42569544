import type { Cancel, Clock } from '../../../core/clock.js';
import { AppError } from '../../../core/errors.js';
import type { Recognition, RecognitionStream } from '../../../domain/ports/speech.js';
import type { DecoderModel } from './recognizer-protocol.js';

/** From the end of the utterance to its text: 150 ms as a rule, this on a machine that is past its limit. */
const ANSWER_DEADLINE_MS = 8000;
/** A stream nobody writes to any more was forgotten; its recogniser is needed. */
const IDLE_LIMIT_MS = 30_000;

/** Where an utterance's audio goes once a recogniser is free for it. */
export type UtteranceSink = { audio(pcm: Int16Array): void; finish(): void };
/** What became of an utterance whose caller gave up: its recogniser still has to end it, or is lost. */
export type Ending = 'answered' | 'cancelled' | 'late';

type Options = {
  id: number;
  model: DecoderModel;
  clock: Clock;
  signal: AbortSignal;
  onPartial: ((text: string) => void) | undefined;
};

/** One utterance on our side: holds its audio while it waits for a recogniser, and its result for whoever finishes it. */
export class Utterance implements RecognitionStream {
  readonly id: number;
  readonly model: DecoderModel;
  readonly #options: Options;
  readonly #result: Promise<Recognition>;
  #resolve: (recognition: Recognition) => void = () => {};
  #reject: (error: Error) => void = () => {};
  readonly #onEnded: (ending: Ending) => void;
  readonly #onAbort = (): void => this.#end('cancelled', toAbortError(this.#options.signal));
  #waiting: Int16Array[] = [];
  #sink: UtteranceSink | undefined;
  #finishing = false;
  #ended = false;
  #wroteSinceCheck = false;
  #cancelTimer: Cancel = () => {};

  constructor(options: Options, onEnded: (ending: Ending) => void) {
    this.id = options.id;
    this.model = options.model;
    this.#options = options;
    this.#onEnded = onEnded;
    this.#result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // A failure before `finish` is told by `finish`; an utterance that is never finished has nobody to tell.
    this.#result.catch(() => {});
    this.#watchIdle();
  }

  /** To be called once, when the pool knows the utterance: an aborted signal ends it at once. */
  open(): void {
    const { signal } = this.#options;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get ended(): boolean {
    return this.#ended;
  }

  attach(sink: UtteranceSink): void {
    this.#sink = sink;
    for (const pcm of this.#waiting) sink.audio(pcm);
    this.#waiting = [];
    if (this.#finishing) sink.finish();
  }

  write(pcm: Int16Array): void {
    if (this.#ended || this.#finishing || pcm.length === 0) return;
    this.#wroteSinceCheck = true;
    // Sending serialises at once; only what waits has to be copied.
    if (this.#sink) this.#sink.audio(pcm);
    else this.#waiting.push(pcm.slice());
  }

  finish(): Promise<Recognition> {
    if (!this.#ended && !this.#finishing) {
      this.#finishing = true;
      this.#cancelTimer();
      this.#cancelTimer = this.#options.clock.schedule(ANSWER_DEADLINE_MS, () =>
        this.#end('late', new AppError('provider_failed', 'the recogniser did not answer in time')),
      );
      this.#sink?.finish();
    }
    return this.#result;
  }

  partial(text: string): void {
    if (!this.#ended) this.#options.onPartial?.(text);
  }

  answer(recognition: Recognition): void {
    if (this.#ended) return;
    this.#resolve(recognition);
    this.#settle('answered');
  }

  fail(message: string): void {
    this.#end('answered', new AppError('provider_failed', message));
  }

  #end(ending: Ending, error: Error): void {
    if (this.#ended) return;
    this.#reject(error);
    this.#settle(ending);
  }

  #settle(ending: Ending): void {
    this.#ended = true;
    this.#waiting = [];
    this.#cancelTimer();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#onEnded(ending);
  }

  #watchIdle(): void {
    this.#cancelTimer = this.#options.clock.schedule(IDLE_LIMIT_MS, () => {
      if (!this.#wroteSinceCheck) return this.#end('cancelled', new AppError('provider_failed', 'the utterance was abandoned'));
      this.#wroteSinceCheck = false;
      this.#watchIdle();
    });
  }
}

function toAbortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new AppError('provider_failed', 'the recognition was aborted');
}
