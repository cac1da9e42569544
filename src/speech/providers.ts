import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { LanguageModel, RealtimeModel, TextToSpeech } from '../domain/ports/speech.js';
import type { ProviderStage } from '../domain/provider-failure.js';
import { ElevenLabsTextToSpeech } from './elevenlabs/elevenlabs-text-to-speech.js';
import { NullRecognizer } from './embedded/null-recognizer.js';
import { OpenAiLanguageModel } from './openai/openai-language-model.js';
import { OpenAiRealtimeRecognizer } from './openai/openai-realtime-recognizer.js';
import { OpenAiSpeechToText } from './openai/openai-speech-to-text.js';
import { OpenAiTextToSpeech } from './openai/openai-text-to-speech.js';
import { OpenAiRealtimeModel } from './openai/realtime/openai-realtime-model.js';
import { PhraseCache } from './phrase-cache.js';
import type { PreparableRecognizer, PreparableSynthesizer } from './preparable.js';
import type { ScriptBrain } from './script/script-brain.js';

type ServiceSettings = {
  apiKey?: string | undefined;
  baseUrl?: string | undefined;
  model: string;
  timeoutMs: number;
};

/** Keys and base URLs of a service go before the provider's; a service with neither does not exist. */
export type OpenAiSettings = {
  apiKey?: string | undefined;
  baseUrl?: string | undefined;
  stt: ServiceSettings & { realtime?: boolean | undefined };
  llm: ServiceSettings;
  tts: ServiceSettings & { voice: string };
  realtime?: (ServiceSettings & { voice: string; transcription: string }) | undefined;
};

export type ElevenLabsSettings = { apiKey: string; baseUrl: string; model: string; voice: string; timeoutMs: number };

export type ProviderSettings = ({ type: 'openai' } & OpenAiSettings) | ({ type: 'elevenlabs' } & ElevenLabsSettings);

export type ProviderAnswer = { provider: string; stage: ProviderStage; statusCode: number };

export type ProvidersOptions = {
  embedded: { tts: TextToSpeech; stt: PreparableRecognizer };
  brain: ScriptBrain;
  /** Those over the network, by name. */
  remote: Readonly<Record<string, ProviderSettings>>;
  dataDir: string;
  clock: Clock;
  log: Logger;
  onAnswer: ((answer: ProviderAnswer) => void) | undefined;
};

/** What serves each stage, by name; `caches` are to be closed. */
export type Providers = {
  stt: Map<string, PreparableRecognizer>;
  llm: Map<string, LanguageModel>;
  tts: Map<string, PreparableSynthesizer>;
  realtime: Map<string, RealtimeModel>;
  caches: PhraseCache[];
};

/** `embedded`, `none` hear; `script` thinks; `embedded` speaks; beside them those over the network. */
export function createProviders(options: ProvidersOptions): Providers {
  const { embedded, brain, remote, log } = options;
  const directory = join(options.dataDir, 'cache', 'speech');
  const ownVoice = new PhraseCache(embedded.tts, { directory, log });
  const providers: Providers = {
    stt: new Map<string, PreparableRecognizer>([
      ['embedded', embedded.stt],
      ['none', new NullRecognizer()],
    ]),
    llm: new Map<string, LanguageModel>([['script', brain]]),
    tts: new Map<string, PreparableSynthesizer>([['embedded', ownVoice]]),
    realtime: new Map(),
    caches: [ownVoice],
  };
  const cached = (tts: TextToSpeech, variant: string): PhraseCache => {
    const cache = new PhraseCache(tts, { directory, variant, log });
    providers.caches.push(cache);
    return cache;
  };
  for (const [provider, settings] of Object.entries(remote)) {
    if (settings.type === 'openai') addOpenAi(provider, settings, providers, cached, options);
    else {
      const onAnswer = (statusCode: number) => options.onAnswer?.({ provider, stage: 'tts', statusCode });
      const voiced = new ElevenLabsTextToSpeech({ ...settings, provider, onAnswer }, options.clock);
      providers.tts.set(provider, cached(voiced, [settings.baseUrl, settings.model, settings.voice].join(' ')));
    }
  }
  return providers;
}

function addOpenAi(
  provider: string,
  settings: OpenAiSettings,
  { stt, llm, tts, realtime: atOnce }: Providers,
  cached: (tts: TextToSpeech, variant: string) => PhraseCache,
  { clock, onAnswer }: ProvidersOptions,
): void {
  const heard = serviceOf(settings, 'stt');
  const thought = serviceOf(settings, 'llm');
  const spoken = serviceOf(settings, 'tts');
  const speechToSpeech = serviceOf(settings, 'realtime');
  const named = (stage: ProviderStage) => ({
    provider,
    onAnswer: (statusCode: number) => onAnswer?.({ provider, stage, statusCode }),
  });
  if (heard) {
    const options = { ...heard, ...named('stt') };
    const upload = new OpenAiSpeechToText(options, clock);
    // Of others than OpenAI itself few have it.
    const realtime = heard.realtime ?? heard.baseUrl === undefined;
    stt.set(provider, realtime ? new OpenAiRealtimeRecognizer(options, upload, clock) : upload);
  }
  if (thought) llm.set(provider, new OpenAiLanguageModel({ ...thought, ...named('llm') }, clock));
  if (spoken) {
    const { baseUrl = '', model, voice } = spoken;
    const voiced = new OpenAiTextToSpeech({ ...spoken, ...named('tts') }, clock);
    tts.set(provider, cached(voiced, [baseUrl, model, voice].join(' ')));
  }
  if (speechToSpeech) {
    // Beside the models of the same provider that stand in for it, and at prices of its own.
    const options = { ...speechToSpeech, ...named('llm'), provider: `${provider}/realtime` };
    atOnce.set(provider, new OpenAiRealtimeModel(options, clock));
  }
}

/** The settings of one service with the provider's filled in; undefined when it has neither a key nor an address. */
function serviceOf<Stage extends ProviderStage | 'realtime'>(
  provider: OpenAiSettings,
  stage: Stage,
): OpenAiSettings[Stage] | undefined {
  const settings = provider[stage];
  if (!settings) return undefined;
  const apiKey = settings.apiKey ?? provider.apiKey;
  const baseUrl = settings.baseUrl ?? provider.baseUrl;
  return apiKey === undefined && baseUrl === undefined ? undefined : { ...settings, apiKey, baseUrl };
}
