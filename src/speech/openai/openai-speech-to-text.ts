import { toFile } from 'openai';
import { type Clock, systemClock } from '../../core/clock.js';
import type { Recognition, RecognitionOptions, RecognitionStream, SpeechToText, Vocabulary } from '../../domain/ports/speech.js';
import { wavOf } from '../wav.js';
import { createClient, failureOf, type OpenAiServiceOptions, unusable } from './client.js';
import { isRecord } from './tool-calls.js';
import { Watchdog } from './watchdog.js';

export const RATE_HZ = 16_000;
/** What comes after this is not heard; nobody speaks longer without a pause, but a hot line does. */
export const MAX_SAMPLES = 60 * RATE_HZ;
/** OpenAI refuses less. */
export const MIN_SAMPLES = RATE_HZ / 10;
const MAX_TEXT_CHARACTERS = 20_000;
const MAX_ANSWER_BYTES = 1_000_000;
/** Whisper reads the last 224 tokens of a prompt; more is wasted. */
const MAX_PROMPT_CHARACTERS = 800;

/** Transcriptions of an OpenAI-compatible server: the utterance is uploaded when it is over. */
export class OpenAiSpeechToText implements SpeechToText {
  readonly name: string;
  readonly understands = true;
  readonly #client: ReturnType<typeof createClient>;
  readonly #options: OpenAiServiceOptions;
  readonly #clock: Clock;

  constructor(options: OpenAiServiceOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.name = options.provider ?? 'openai';
    this.#clock = clock;
    this.#client = createClient(options, MAX_ANSWER_BYTES);
  }

  open(options: RecognitionOptions): RecognitionStream {
    const pieces: Int16Array[] = [];
    let samples = 0;
    return {
      write: (pcm) => {
        const room = MAX_SAMPLES - samples;
        if (room <= 0) return;
        const piece = pcm.slice(0, room);
        pieces.push(piece);
        samples += piece.length;
      },
      finish: async () => {
        options.signal.throwIfAborted();
        if (samples < MIN_SAMPLES) return { text: '', confidence: undefined };
        const recognition = await this.#transcribe(wavOf(pieces.splice(0), RATE_HZ), options);
        options.onUsage?.({ audioMs: samples / (RATE_HZ / 1000) });
        return recognition;
      },
    };
  }

  get #origin() {
    return { provider: this.name, stage: 'stt' } as const;
  }

  async #transcribe(wav: Uint8Array, { language, vocabulary, signal }: RecognitionOptions): Promise<Recognition> {
    const watchdog = new Watchdog(this.#clock, this.#options.timeoutMs, signal);
    try {
      watchdog.wait();
      const hint = languageHint(language);
      const prompt = promptOf(vocabulary);
      const answer: unknown = await this.#client.audio.transcriptions.create(
        {
          file: await toFile(wav, 'utterance.wav', { type: 'audio/wav' }),
          model: this.#options.model,
          response_format: 'json',
          ...(hint ? { language: hint } : {}),
          ...(prompt ? { prompt } : {}),
        },
        { signal: watchdog.signal },
      );
      const text = isRecord(answer) ? answer['text'] : undefined;
      if (typeof text !== 'string') throw unusable(this.#origin, 'malformed');
      if (text.length > MAX_TEXT_CHARACTERS) throw unusable(this.#origin, 'oversized');
      return { text: text.trim(), confidence: undefined };
    } catch (error) {
      signal.throwIfAborted();
      throw failureOf(error, this.#origin, watchdog);
    } finally {
      watchdog.close();
    }
  }
}

/** `en-US` -> `en`; undefined when the tag has no two-letter language, which is all the interface takes. */
export function languageHint(tag: string): string | undefined {
  return /^([a-z]{2})(?:[-_]|$)/iu.exec(tag)?.[1]?.toLowerCase();
}

export function promptOf(vocabulary: Vocabulary): string {
  let prompt = '';
  for (const sentence of vocabulary.sentences) {
    if (prompt.length + sentence.length > MAX_PROMPT_CHARACTERS) break;
    prompt += `${sentence}. `;
  }
  return prompt.trim();
}
