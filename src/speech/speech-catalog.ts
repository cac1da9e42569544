import { join } from 'node:path';
import { type Clock, systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type {
  LanguageModel,
  SpeechCatalog,
  SpeechSuite,
  SpeechToText,
  TextToSpeech,
  Vocabulary,
} from '../domain/ports/speech.js';
import { NullRecognizer } from './embedded/null-recognizer.js';
import { FallbackSynthesizer, type PreparableSynthesizer } from './fallback-synthesizer.js';
import { OpenAiLanguageModel } from './openai/openai-language-model.js';
import { OpenAiSpeechToText } from './openai/openai-speech-to-text.js';
import { OpenAiTextToSpeech } from './openai/openai-text-to-speech.js';
import { PhraseCache } from './phrase-cache.js';
import { ScriptBrain } from './script/script-brain.js';
import { scriptVocabulary } from './script/vocabulary.js';

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
  stt: ServiceSettings;
  llm: ServiceSettings;
  tts: ServiceSettings & { voice: string };
};

/** A recogniser whose language model can be compiled before the first utterance. */
export type PreparableRecognizer = SpeechToText & {
  prepare?(vocabulary: Vocabulary, band: 'narrow' | 'wide'): Promise<void>;
};

export type SpeechCatalogOptions = {
  /** Owned by the caller, who closes them after the catalog. */
  embedded: { tts: TextToSpeech; stt: PreparableRecognizer };
  openai?: OpenAiSettings | undefined;
  defaults: { stt: string; llm: string; tts: string };
  dataDir: string;
  log: Logger;
  clock?: Clock;
  /** Told of every answer of a provider over the network. */
  onAnswer?: ((answer: ProviderAnswer) => void) | undefined;
};

export type ProviderAnswer = { provider: 'openai'; stage: 'stt' | 'llm' | 'tts'; statusCode: number };

/** The providers of this server by name: `embedded`, `openai`, `none` hear; `script`, `openai` think; `embedded`, `openai` speak. */
export async function createSpeechCatalog(options: SpeechCatalogOptions): Promise<SpeechCatalog> {
  const { openai, embedded, defaults, log, clock = systemClock } = options;
  const directory = join(options.dataDir, 'cache', 'speech');
  const brain = new ScriptBrain();
  const stt = new Map<string, PreparableRecognizer>([
    ['embedded', embedded.stt],
    ['none', new NullRecognizer()],
  ]);
  const llm = new Map<string, LanguageModel>([['script', brain]]);
  const ownVoice = new PhraseCache(embedded.tts, { directory, log });
  const caches = [ownVoice];
  const tts = new Map<string, PreparableSynthesizer>([['embedded', ownVoice]]);
  if (openai) {
    const heard = serviceOf(openai, 'stt');
    const thought = serviceOf(openai, 'llm');
    const spoken = serviceOf(openai, 'tts');
    const told = (stage: ProviderAnswer['stage']) => ({
      onAnswer: (statusCode: number) => options.onAnswer?.({ provider: 'openai', stage, statusCode }),
    });
    if (heard) stt.set('openai', new OpenAiSpeechToText({ ...heard, ...told('stt') }, clock));
    if (thought) llm.set('openai', new OpenAiLanguageModel({ ...thought, ...told('llm') }, clock));
    if (spoken) {
      const { baseUrl = '', model, voice } = spoken;
      const variant = [baseUrl, model, voice].join(' ');
      const remote = new PhraseCache(new OpenAiTextToSpeech({ ...spoken, ...told('tts') }, clock), { directory, variant, log });
      caches.push(remote);
      tts.set('openai', new FallbackSynthesizer({ primary: remote, fallback: ownVoice, clock, log }));
    }
  }
  return new Catalog({ stt, llm, tts, caches, defaults, brain, log });
}

type Parts = {
  stt: ReadonlyMap<string, PreparableRecognizer>;
  llm: ReadonlyMap<string, LanguageModel>;
  tts: ReadonlyMap<string, PreparableSynthesizer>;
  caches: readonly PhraseCache[];
  defaults: { stt: string; llm: string; tts: string };
  brain: ScriptBrain;
  log: Logger;
};

class Catalog implements SpeechCatalog {
  readonly #parts: Parts;
  readonly #vocabularies = new WeakMap<AgentSettings, Vocabulary>();
  /** Ends what `warm` is still doing. */
  readonly #closing = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  suiteFor(agent: AgentSettings): SpeechSuite {
    const { stt, llm, tts } = this.#choose(agent);
    return { stt, llm, tts, vocabulary: this.#vocabularyOf(agent) };
  }

  async warm(agent: AgentSettings): Promise<void> {
    const failed = (error: unknown, what: string): void =>
      this.#parts.log.warn({ err: error, agent: agent.name }, `${what} not prepared`);
    try {
      const { stt, llm, tts } = this.#choose(agent);
      if (llm === this.#parts.brain) this.#parts.brain.prepare(agent);
      const recogniser = stt
        .prepare?.(this.#vocabularyOf(agent), 'narrow')
        .catch((error: unknown) => failed(error, 'recogniser'));
      await this.#prepareGreeting(agent, tts).catch((error: unknown) => failed(error, 'greeting'));
      await recogniser;
    } catch (error) {
      failed(error, 'agent');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const cache of this.#parts.caches) await cache.close();
    this.#parts.brain.close();
  }

  async #prepareGreeting(agent: AgentSettings, tts: PreparableSynthesizer): Promise<void> {
    const { startingMessage, language, voiceSettings } = agent;
    if (!startingMessage) return;
    // The greeting is fixed text, which is spoken in one piece.
    await tts.prepare({ text: startingMessage, language, voiceSettings, signal: this.#closing.signal });
  }

  #choose({ providers }: AgentSettings): { stt: PreparableRecognizer; llm: LanguageModel; tts: PreparableSynthesizer } {
    const { stt, llm, tts, defaults } = this.#parts;
    return {
      stt: pick(stt, providers.stt ?? defaults.stt, 'stt'),
      llm: pick(llm, providers.llm ?? defaults.llm, 'llm'),
      tts: pick(tts, providers.tts ?? defaults.tts, 'tts'),
    };
  }

  #vocabularyOf(agent: AgentSettings): Vocabulary {
    const vocabulary = this.#vocabularies.get(agent) ?? scriptVocabulary(agent);
    this.#vocabularies.set(agent, vocabulary);
    return vocabulary;
  }
}

function pick<T>(providers: ReadonlyMap<string, T>, name: string, stage: 'stt' | 'llm' | 'tts'): T {
  const provider = providers.get(name);
  if (provider !== undefined) return provider;
  const message = `unknown provider; available: ${[...providers.keys()].join(', ')}`;
  throw new AppError('invalid_request', `no ${stage} provider of that name`, {
    publicMessage: `providers.${stage}: ${message}`,
    faults: [{ field: `providers.${stage}`, message }],
  });
}

/** The settings of one service with the provider's filled in; undefined when it has neither a key nor an address. */
function serviceOf<Stage extends 'stt' | 'llm' | 'tts'>(openai: OpenAiSettings, stage: Stage): OpenAiSettings[Stage] | undefined {
  const settings = openai[stage];
  const apiKey = settings.apiKey ?? openai.apiKey;
  const baseUrl = settings.baseUrl ?? openai.baseUrl;
  return apiKey === undefined && baseUrl === undefined ? undefined : { ...settings, apiKey, baseUrl };
}
