import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../domain/ports/speech.js';
import { within } from '../pipeline/deadline.js';

/** A synthesiser that can make a phrase ahead of time. */
export type PreparableSynthesizer = TextToSpeech & {
  /** Synthesises the phrase unless it is known, and keeps it. @throws AppError `provider_failed` */
  prepare(request: SynthesisRequest): Promise<void>;
};

export type FallbackOptions = { primary: PreparableSynthesizer; fallback: PreparableSynthesizer; clock: Clock; log: Logger };

/** Below the conversation's own limit for a silent synthesiser, so that the other voice can still begin within it. */
const FIRST_AUDIO_WITHIN_MS = 3_000;
/** For this long after a failure nobody waits for the first one again. */
const AVOID_MS = 30_000;

/**
 * Speaks with another voice when the first synthesiser fails or keeps silent: a caller would rather hear a strange voice than none.
 *
 * A phrase that fails after it has begun is not begun again; its failure is passed on, and what follows has the other voice.
 */
export class FallbackSynthesizer implements PreparableSynthesizer {
  readonly name: string;
  readonly #options: FallbackOptions;
  #avoidUntilMs = -Infinity;

  constructor(options: FallbackOptions) {
    this.#options = options;
    this.name = options.primary.name;
  }

  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    const { primary, fallback, clock } = this.#options;
    if (this.#isAvoided()) return yield* fallback.synthesize(request);
    const attempt = new AbortController();
    const signal = AbortSignal.any([request.signal, attempt.signal]);
    const chunks = primary.synthesize({ ...request, signal })[Symbol.asyncIterator]();
    const limit = { clock, limitMs: FIRST_AUDIO_WITHIN_MS, signal: request.signal, what: 'the synthesiser' };
    let begun = false;
    try {
      for (;;) {
        const next = await (begun ? chunks.next() : within(chunks.next(), limit));
        if (next.done) return;
        begun = true;
        yield next.value;
      }
    } catch (error) {
      if (request.signal.aborted) return;
      this.#failed(error);
      if (begun) throw error;
    } finally {
      attempt.abort();
      chunks.return?.().catch(() => undefined);
    }
    yield* fallback.synthesize(request);
  }

  async prepare(request: SynthesisRequest): Promise<void> {
    for await (const _ of this.synthesize(request)) {
      // Whoever speaks it keeps it.
    }
    if (request.signal.aborted) return;
    const { primary, fallback } = this.#options;
    await (this.#isAvoided() ? fallback : primary).prepare(request);
  }

  #isAvoided(): boolean {
    return this.#options.clock.monotonicMs() < this.#avoidUntilMs;
  }

  #failed(error: unknown): void {
    const { primary, fallback, clock, log } = this.#options;
    this.#avoidUntilMs = clock.monotonicMs() + AVOID_MS;
    log.warn({ err: error, stage: 'tts', provider: primary.name, instead: fallback.name }, 'provider failed');
  }
}
