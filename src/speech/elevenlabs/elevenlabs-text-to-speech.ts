import { type Clock, systemClock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../../domain/ports/speech.js';
import { mayBeSamples, PcmDecoder } from '../openai/pcm-decoder.js';
import { Watchdog } from '../openai/watchdog.js';
import { isOwnVoice } from '../own-voices.js';
import { type ProviderFault, providerFailed } from '../provider-error.js';
import { WarmConnection } from '../warm-connection.js';

export type ElevenLabsOptions = {
  /** Its name in the configuration. */
  provider: string;
  apiKey: string;
  /** Without the version, e.g. `https://api.elevenlabs.io`. */
  baseUrl: string;
  model: string;
  /** Id of the voice that speaks where the agent names none. */
  voice: string;
  /** Longest wait for the answer to begin, and then for each next piece of it. */
  timeoutMs: number;
  /** Told the status of every answer. */
  onAnswer?: ((statusCode: number) => void) | undefined;
};

/** `pcm_16000` needs no paid tier and is what a telephone can carry at most. */
const RATE_HZ = 16_000;
const MAX_SAMPLES = 60 * RATE_HZ;
/** What the fastest models take in one request is more. */
const MAX_INPUT_CHARACTERS = 5_000;
/** Of an agent's voice settings, those that the interface knows, by their type. */
const VOICE_SETTINGS = {
  stability: 'number',
  similarity_boost: 'number',
  style: 'number',
  speed: 'number',
  use_speaker_boost: 'boolean',
} as const;

/** Speech of ElevenLabs (`POST /v1/text-to-speech/{voice_id}/stream`), as raw samples in the order they arrive. */
export class ElevenLabsTextToSpeech implements TextToSpeech {
  readonly name: string;
  readonly #options: ElevenLabsOptions;
  readonly #clock: Clock;
  readonly #warm: WarmConnection;

  constructor(options: ElevenLabsOptions, clock: Clock = systemClock) {
    this.name = options.provider;
    this.#options = options;
    this.#clock = clock;
    this.#warm = new WarmConnection(options.baseUrl, clock);
  }

  connect(): void {
    this.#warm.open();
  }

  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    if (request.signal.aborted || !/[\p{L}\p{N}]/u.test(request.text)) return;
    const watchdog = new Watchdog(this.#clock, this.#options.timeoutMs, request.signal);
    try {
      watchdog.wait();
      for await (const chunk of this.#stream(request, watchdog.signal)) {
        watchdog.hold();
        if (request.signal.aborted) return;
        yield chunk;
        watchdog.wait();
      }
    } catch (error) {
      if (request.signal.aborted) return;
      if (error instanceof AppError) throw error;
      // What remains is the connection breaking off in the middle of a body.
      throw this.#fault(watchdog.expired ? 'timeout' : 'interrupted');
    } finally {
      watchdog.close();
    }
  }

  async *#stream(request: SynthesisRequest, signal: AbortSignal): AsyncGenerator<SpeechChunk> {
    const response = await this.#ask(request, signal);
    request.onUsage?.({ characters: request.text.length });
    if (!response.body || !mayBeSamples(response.headers.get('content-type'))) throw this.#fault('malformed', response);
    const decoder = new PcmDecoder(RATE_HZ);
    let samples = 0;
    for await (const bytes of response.body) {
      const pcm = decoder.decode(bytes);
      if (pcm.length === 0) continue;
      samples += pcm.length;
      if (samples > MAX_SAMPLES) throw this.#fault('oversized', response);
      yield { pcm, rateHz: decoder.rateHz };
    }
    if (samples === 0) throw this.#fault('empty', response);
  }

  async #ask({ text, language, voiceSettings }: SynthesisRequest, signal: AbortSignal): Promise<Response> {
    const { apiKey, baseUrl, model, onAnswer } = this.#options;
    const voice = encodeURIComponent(this.#voiceOf(voiceSettings));
    const url = `${baseUrl.replace(/\/+$/, '')}/v1/text-to-speech/${voice}/stream?output_format=pcm_${RATE_HZ}`;
    const settings = settingsOf(voiceSettings);
    const normalization = voiceSettings['apply_text_normalization'];
    const body = {
      text: text.slice(0, MAX_INPUT_CHARACTERS),
      model_id: model,
      ...(takesLanguage(model) && /^[a-z]{2}(?:-|$)/i.test(language)
        ? { language_code: language.slice(0, 2).toLowerCase() }
        : {}),
      ...(Object.keys(settings).length > 0 ? { voice_settings: settings } : {}),
      ...(typeof normalization === 'string' ? { apply_text_normalization: normalization } : {}),
    };
    const headers = { 'xi-api-key': apiKey, 'content-type': 'application/json', accept: 'audio/pcm' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw this.#fault('unreachable');
    });
    onAnswer?.(response.status);
    if (response.ok) return response;
    await response.body?.cancel().catch(() => undefined);
    throw this.#fault('refused', response);
  }

  #voiceOf(settings: SynthesisRequest['voiceSettings']): string {
    const named = [settings['voice_id'], settings['voice']].find((voice) => typeof voice === 'string' && voice !== '');
    return typeof named === 'string' && !isOwnVoice(named) ? named : this.#options.voice;
  }

  /** The body of an answer may repeat what was to be said, so it is not kept. */
  #fault(reason: ProviderFault['reason'], response?: Response): AppError {
    const statusCode = response?.status;
    const final = statusCode !== undefined && statusCode !== 408 && statusCode !== 429 && statusCode < 500;
    return providerFailed({
      provider: this.name,
      stage: 'tts',
      reason,
      retryable: !final && reason !== 'malformed' && reason !== 'oversized',
      statusCode,
      requestId: response?.headers.get('request-id') ?? undefined,
    });
  }
}

const settingsOf = (voiceSettings: SynthesisRequest['voiceSettings']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(VOICE_SETTINGS).flatMap(([key, type]) => {
      const value = voiceSettings[key];
      return typeof value === type ? [[key, value]] : [];
    }),
  );

/** Others find the language by themselves, and refuse to be told. */
const takesLanguage = (model: string): boolean => /_v2_5$|_v3$/.test(model);
