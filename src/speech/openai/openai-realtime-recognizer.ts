import type { Clock } from '../../core/clock.js';
import type { Recognition, RecognitionOptions, RecognitionStream, SpeechToText } from '../../domain/ports/speech.js';
import { OPENAI_URL, type OpenAiServiceOptions } from './client.js';
import { languageHint, MAX_SAMPLES, MIN_SAMPLES, promptOf, RATE_HZ } from './openai-speech-to-text.js';
import { RealtimeTranscription } from './realtime-transcription.js';

/** A server without the endpoint is asked again after so long: it may have been updated. */
const REFUSED_FOR_MS = 600_000;
/** Its audio is there already; and time is left for the upload, should nothing come. */
const FINAL_WITHIN_MS = 2_000;

/** Understands while somebody speaks; where the session cannot be had or breaks, the same utterance is uploaded at its end. */
export class OpenAiRealtimeRecognizer implements SpeechToText {
  readonly name: string;
  readonly understands = true;
  readonly #options: OpenAiServiceOptions;
  readonly #upload: SpeechToText;
  readonly #clock: Clock;
  #refusedUntilMs = -Infinity;

  constructor(options: OpenAiServiceOptions, upload: SpeechToText, clock: Clock) {
    this.name = upload.name;
    this.#options = options;
    this.#upload = upload;
    this.#clock = clock;
  }

  open(options: RecognitionOptions): RecognitionStream {
    const whole = this.#upload.open(options);
    if (this.#clock.monotonicMs() < this.#refusedUntilMs) return whole;
    const session = this.#begin(options);
    let samples = 0;
    return {
      write: (pcm) => {
        whole.write(pcm);
        const piece = pcm.subarray(0, MAX_SAMPLES - samples);
        samples += piece.length;
        if (piece.length > 0) session.write(piece);
      },
      finish: async (): Promise<Recognition> => {
        options.signal.throwIfAborted();
        if (samples < MIN_SAMPLES) {
          session.close();
          return { text: '', confidence: undefined };
        }
        const text = await session.finish().catch(() => undefined);
        options.signal.throwIfAborted();
        if (text === undefined) return await whole.finish();
        options.onUsage?.({ audioMs: samples / (RATE_HZ / 1000) });
        return { text, confidence: undefined };
      },
    };
  }

  #begin({ language, vocabulary, signal, onPartial }: RecognitionOptions): RealtimeTranscription {
    const { apiKey, baseUrl = OPENAI_URL, model, timeoutMs, onAnswer } = this.#options;
    const { name: provider } = this;
    return new RealtimeTranscription({
      provider,
      apiKey,
      baseUrl,
      model,
      language: languageHint(language),
      prompt: promptOf(vocabulary),
      timeoutMs: Math.min(timeoutMs, FINAL_WITHIN_MS),
      clock: this.#clock,
      signal,
      onPartial,
      onRefused: (statusCode) => {
        onAnswer?.(statusCode);
        this.#refusedUntilMs = this.#clock.monotonicMs() + REFUSED_FOR_MS;
      },
    });
  }
}
