import { type Clock, systemClock } from '../../core/clock.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../domain/ports/speech.js';
import { isOwnVoice } from '../own-voices.js';
import { WarmConnection } from '../warm-connection.js';
import { createClient, failureOf, OPENAI_URL, type OpenAiServiceOptions, unusable } from './client.js';
import { mayBeSamples, PcmDecoder } from './pcm-decoder.js';
import { Watchdog } from './watchdog.js';

/** The rate of `response_format: pcm`. */
const RATE_HZ = 24_000;
const MAX_SAMPLES = 60 * RATE_HZ;
const MAX_ANSWER_BYTES = MAX_SAMPLES * 2 + 1_024;
/** What the interface takes in one request. */
const MAX_INPUT_CHARACTERS = 4_096;

/** Speech of an OpenAI-compatible server, as raw samples in the order they arrive. */
export class OpenAiTextToSpeech implements TextToSpeech {
  readonly name: string;
  readonly #client: ReturnType<typeof createClient>;
  readonly #options: OpenAiServiceOptions & { voice: string };
  readonly #clock: Clock;
  readonly #warm: WarmConnection;

  constructor(options: OpenAiServiceOptions & { voice: string }, clock: Clock = systemClock) {
    this.#options = options;
    this.name = options.provider ?? 'openai';
    this.#clock = clock;
    this.#client = createClient(options, MAX_ANSWER_BYTES);
    this.#warm = new WarmConnection(options.baseUrl ?? OPENAI_URL, clock);
  }

  connect(): void {
    this.#warm.open();
  }

  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    if (request.signal.aborted || !/[\p{L}\p{N}]/u.test(request.text)) return;
    const watchdog = new Watchdog(this.#clock, this.#options.timeoutMs, request.signal);
    try {
      watchdog.wait();
      for await (const chunk of this.#stream(request, watchdog)) {
        watchdog.hold();
        if (request.signal.aborted) return;
        yield chunk;
        watchdog.wait();
      }
    } catch (error) {
      if (request.signal.aborted) return;
      throw failureOf(error, this.#origin, watchdog);
    } finally {
      watchdog.close();
    }
  }

  get #origin() {
    return { provider: this.name, stage: 'tts' } as const;
  }

  async *#stream(request: SynthesisRequest, watchdog: Watchdog): AsyncGenerator<SpeechChunk> {
    const { speed, instructions } = request.voiceSettings;
    const response = await this.#client.audio.speech.create(
      {
        model: this.#options.model,
        voice: this.#voice(request),
        input: request.text.slice(0, MAX_INPUT_CHARACTERS),
        response_format: 'pcm',
        ...(typeof speed === 'number' && speed >= 0.25 && speed <= 4 ? { speed } : {}),
        ...(typeof instructions === 'string' ? { instructions } : {}),
      },
      { signal: watchdog.signal },
    );
    request.onUsage?.({ characters: request.text.length });
    if (!response.body || !mayBeSamples(response.headers.get('content-type'))) throw unusable(this.#origin, 'malformed');
    const decoder = new PcmDecoder(RATE_HZ);
    let samples = 0;
    for await (const bytes of response.body) {
      const pcm = decoder.decode(bytes);
      if (pcm.length === 0) continue;
      samples += pcm.length;
      if (samples > MAX_SAMPLES) throw unusable(this.#origin, 'oversized');
      yield { pcm, rateHz: decoder.rateHz };
    }
    if (samples === 0) throw unusable(this.#origin, 'empty');
  }

  #voice(request: SynthesisRequest): string {
    const { voice } = request.voiceSettings;
    return typeof voice === 'string' && voice !== '' && !isOwnVoice(voice) ? voice : this.#options.voice;
  }
}
