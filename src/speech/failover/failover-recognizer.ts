import { toError } from '../../core/errors.js';
import type { Recognition, RecognitionOptions, RecognitionStream, SpeechToText } from '../../domain/ports/speech.js';
import { BrokenOff, Failover, type FailoverOptions } from './failover.js';

/** Listens with one recogniser, and gives the whole utterance to the next one when it fails or keeps silent at the end. */
export class FailoverRecognizer implements SpeechToText {
  readonly name: string;
  readonly understands: boolean;
  readonly #failover: Failover<SpeechToText>;
  readonly #onOpen: (() => void) | undefined;
  /** Nothing is kept where nobody would listen to it again. */
  readonly #keeps: boolean;

  /** `candidates`: at least one. `onOpen`: somebody begins to speak. */
  constructor(options: Omit<FailoverOptions<SpeechToText>, 'stage'>, onOpen?: () => void) {
    const [first] = options.candidates;
    if (!first) throw new Error('no recogniser to listen with');
    this.name = first.name;
    this.understands = options.candidates.some(({ provider }) => provider.understands);
    this.#keeps = options.candidates.length > 1 || options.deadlines?.hedgeAfterMs !== undefined;
    this.#failover = new Failover({ ...options, stage: 'stt' });
    this.#onOpen = onOpen;
  }

  get servedBy(): string | undefined {
    return this.#failover.servedBy;
  }

  open(options: RecognitionOptions): RecognitionStream {
    this.#onOpen?.();
    const [listening] = this.#failover.order();
    if (!listening) throw new Error('no recogniser to listen with');
    const heard: Int16Array[] = [];
    const begun = new Listening(listening.provider, { ...options, onUsage: this.#failover.meter(listening.name) });
    let taken = false;
    return {
      write: (pcm) => {
        if (this.#keeps) heard.push(pcm.slice());
        begun.write(pcm);
      },
      finish: async () => {
        const failover = this.#failover;
        const answers = failover.stream(options.signal, async function* (stt, signal, name) {
          const same = stt === listening.provider && !taken;
          const stream = same
            ? begun
            : new Listening(stt, { ...options, signal, onPartial: undefined, onUsage: failover.meter(name) });
          taken ||= same;
          const abandon = (): void => stream.abandon();
          signal.addEventListener('abort', abandon, { once: true });
          if (!same) for (const pcm of heard) stream.write(pcm);
          yield await stream.finish();
        });
        try {
          for await (const answer of answers) return answer;
        } catch (error) {
          if (error instanceof BrokenOff) this.#failover.report(error);
          throw error;
        } finally {
          begun.abandon();
        }
        options.signal.throwIfAborted();
        throw new Error('no recogniser has answered');
      },
    };
  }
}

/** One recogniser's part in an utterance. What it throws on the way is thrown at the end, where somebody can take over. */
class Listening {
  readonly #abort = new AbortController();
  readonly #stream: RecognitionStream | undefined;
  #failure: Error | undefined;

  constructor(stt: SpeechToText, options: RecognitionOptions) {
    const signal = AbortSignal.any([options.signal, this.#abort.signal]);
    try {
      this.#stream = stt.open({ ...options, signal });
    } catch (error) {
      this.#failure = toError(error);
    }
  }

  write(pcm: Int16Array): void {
    if (this.#failure) return;
    try {
      this.#stream?.write(pcm);
    } catch (error) {
      this.#failure = toError(error);
    }
  }

  async finish(): Promise<Recognition> {
    if (this.#failure || !this.#stream) throw this.#failure ?? new Error('the recogniser did not open');
    return await this.#stream.finish();
  }

  /** Idempotent. */
  abandon(): void {
    this.#abort.abort();
  }
}
