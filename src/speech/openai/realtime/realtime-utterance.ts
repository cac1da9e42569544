import type { Cancel, Clock } from '../../../core/clock.js';
import type { Recognition, RecognitionOptions, RecognitionStream } from '../../../domain/ports/speech.js';
import { MAX_SAMPLES, MIN_SAMPLES } from '../openai-speech-to-text.js';
import { Upsampler } from '../upsampler.js';

/** Words that came so far stand for all of them when the rest is later: the model has heard the whole anyway. */
const WHOLE_WITHIN_MS = 600;
const MAX_TEXT_CHARACTERS = 20_000;

export type RealtimeUtteranceDeps = {
  clock: Clock;
  append(audio: string): void;
  /** What was appended is all of it: `committed` follows. */
  commit(): void;
  /** What was appended is not wanted. */
  clear(): void;
};

/** What the caller says in one go, as it reaches a realtime session: audio for the model, and its words for us. */
export class RealtimeUtterance implements RecognitionStream {
  readonly #deps: RealtimeUtteranceDeps;
  readonly #options: RecognitionOptions;
  readonly #upsampler = new Upsampler();
  readonly #recognition: Promise<Recognition>;
  #resolve: (recognition: Recognition) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #samples = 0;
  #text = '';
  #item: string | undefined;
  #committed = false;
  #cancelTimer: Cancel = () => undefined;

  constructor(options: RecognitionOptions, deps: RealtimeUtteranceDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#recognition = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may fail before anybody waits for it.
    this.#recognition.catch(() => undefined);
    options.signal.addEventListener('abort', () => this.#drop(), { once: true });
  }

  /** 16 kHz mono. */
  write(pcm: Int16Array): void {
    const piece = pcm.subarray(0, MAX_SAMPLES - this.#samples);
    this.#samples += piece.length;
    const samples = this.#upsampler.push(piece);
    const audio = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    if (audio !== '' && !this.#options.signal.aborted) this.#deps.append(audio);
  }

  async finish(): Promise<Recognition> {
    this.#options.signal.throwIfAborted();
    if (this.#samples < MIN_SAMPLES) {
      this.#drop();
      return { text: '', confidence: undefined };
    }
    this.#committed = true;
    this.#deps.commit();
    this.#cancelTimer = this.#deps.clock.schedule(WHOLE_WITHIN_MS, () => {
      if (this.#text.trim() !== '') this.completed(this.#text);
    });
    return await this.#recognition;
  }

  /** It is an item of the session now. */
  committed(item: string): void {
    this.#item = item;
  }

  delta(text: string): void {
    this.#text = (this.#text + text).slice(0, MAX_TEXT_CHARACTERS);
    if (!this.#options.signal.aborted) this.#options.onPartial?.(this.#text.trim());
  }

  completed(text: string): void {
    this.#cancelTimer();
    this.#resolve({ text: text.slice(0, MAX_TEXT_CHARACTERS).trim(), confidence: undefined, heardAs: this.#item });
  }

  failed(error: Error): void {
    this.#cancelTimer();
    this.#reject(error);
  }

  #drop(): void {
    this.#cancelTimer();
    if (!this.#committed && this.#samples > 0) this.#deps.clear();
    this.#committed = true;
  }
}
