import { type Clock, systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AgentSettings } from '../domain/agent.js';
import type {
  LanguageModel,
  ProviderWatch,
  RealtimeModel,
  SpeechCatalog,
  SpeechSuite,
  SuiteOptions,
  TextToSpeech,
  Vocabulary,
} from '../domain/ports/speech.js';
import type { ProviderFailure, ProviderStage } from '../domain/provider-failure.js';
import type { Prices } from '../domain/provider-usage.js';
import type { Candidate } from './failover/attempt.js';
import { type BreakerSettings, candidateOf, type FailoverOptions, type StageDeadlines } from './failover/failover.js';
import { FailoverLanguageModel } from './failover/failover-language-model.js';
import { FailoverRecognizer } from './failover/failover-recognizer.js';
import { FailoverSynthesizer } from './failover/failover-synthesizer.js';
import type { PhraseCache } from './phrase-cache.js';
import type { PreparableRecognizer, PreparableSynthesizer } from './preparable.js';
import { createProviders, type ProviderAnswer, type ProviderSettings } from './providers.js';
import { ScriptBrain } from './script/script-brain.js';
import { scriptVocabulary } from './script/vocabulary.js';

export type SpeechCatalogOptions = {
  /** Owned by the caller, who closes them after the catalog. */
  embedded: { tts: TextToSpeech; stt: PreparableRecognizer };
  /** Providers over the network, by name. */
  remote: Readonly<Record<string, ProviderSettings>>;
  defaults: Readonly<Record<ProviderStage, string>>;
  /** Who is asked, in this order, when the chosen one fails; names of providers that there are not are passed over. */
  fallbacks: Readonly<Record<ProviderStage, readonly string[]>>;
  deadlines: Readonly<Record<ProviderStage, StageDeadlines>>;
  breaker: BreakerSettings;
  /** What providers cost, by name. */
  prices: Readonly<Record<string, Prices>>;
  dataDir: string;
  log: Logger;
  clock?: Clock;
  /** Told of every answer of a provider over the network. */
  onAnswer?: ((answer: ProviderAnswer) => void) | undefined;
  onFailure?: ((failure: ProviderFailure) => void) | undefined;
  onUsage?: ProviderWatch['used'] | undefined;
};

type Parts = Pick<SpeechCatalogOptions, 'defaults' | 'fallbacks' | 'deadlines' | 'prices' | 'log' | 'onFailure' | 'onUsage'> & {
  clock: Clock;
  stt: ReadonlyMap<string, Candidate<PreparableRecognizer>>;
  llm: ReadonlyMap<string, Candidate<LanguageModel>>;
  tts: ReadonlyMap<string, Candidate<PreparableSynthesizer>>;
  realtime: ReadonlyMap<string, RealtimeCandidate>;
  caches: readonly PhraseCache[];
  brain: ScriptBrain;
};

/** Both sides of its sessions, each as it did in all calls. */
type RealtimeCandidate = { model: RealtimeModel; hears: Candidate<undefined>; speaks: Candidate<undefined> };

/** The providers of this server by name, and who stands in for whom. */
export async function createSpeechCatalog(options: SpeechCatalogOptions): Promise<SpeechCatalog> {
  const { breaker, onAnswer, clock = systemClock, ...rest } = options;
  const brain = new ScriptBrain();
  const { stt, llm, tts, realtime, caches } = createProviders({ ...rest, clock, brain, onAnswer });
  const candidates = <P>(providers: ReadonlyMap<string, P>): Map<string, Candidate<P>> =>
    new Map([...providers].map(([name, provider]) => [name, candidateOf(name, provider, clock, breaker)]));
  const side = (name: string): Candidate<undefined> => candidateOf(name, undefined, clock, breaker);
  const sessions = [...realtime].map(
    ([name, model]) => [name, { model, hears: side(model.name), speaks: side(model.name) }] as const,
  );
  return new Catalog({
    ...rest,
    clock,
    brain,
    caches,
    stt: candidates(stt),
    llm: candidates(llm),
    tts: candidates(tts),
    realtime: new Map(sessions),
  });
}

class Catalog implements SpeechCatalog {
  readonly #parts: Parts;
  readonly #vocabularies = new WeakMap<AgentSettings, Vocabulary>();
  /** Ends what `warm` is still doing. */
  readonly #closing = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  suiteFor(agent: AgentSettings, options: SuiteOptions = {}): SpeechSuite {
    const { stt, llm, tts } = this.#choose(agent);
    const atOnce = this.#realtime(agent);
    const session = options.onCall ? atOnce?.model.open(agent) : undefined;
    // Whoever hears and speaks at once goes first; the others stand in for it.
    const hearing = session && atOnce ? [{ ...atOnce.hears, provider: session.stt }, ...stt] : stt;
    const thinking = session && atOnce ? [{ ...atOnce.speaks, provider: session.llm }, ...llm] : llm;
    // Of those that are asked first: before the answer, and whenever the caller begins to speak.
    const connect = (): void => {
      session?.connect();
      if (!session) llm[0]?.provider.connect?.();
      tts[0]?.provider.connect?.();
    };
    return {
      stt: new FailoverRecognizer(this.#failover('stt', hearing, options), options.onCall ? connect : undefined),
      llm: new FailoverLanguageModel(this.#failover('llm', thinking, options)),
      tts: new FailoverSynthesizer(this.#failover('tts', tts, options)),
      vocabulary: this.#vocabularyOf(agent),
      connect,
      close: () => session?.close(),
    };
  }

  async warm(agent: AgentSettings): Promise<void> {
    const failed = (error: unknown, what: string): void =>
      this.#parts.log.warn({ err: error, agent: agent.name }, `${what} not prepared`);
    try {
      const { stt, llm, tts } = this.#choose(agent);
      const { brain } = this.#parts;
      if (llm.some(({ provider }) => provider === brain)) brain.prepare(agent);
      const vocabulary = this.#vocabularyOf(agent);
      const recognisers = stt.map(async ({ provider }) => {
        await provider.prepare?.(vocabulary, 'narrow').catch((error: unknown) => failed(error, 'recogniser'));
      });
      await this.#prepareGreeting(agent, tts).catch((error: unknown) => failed(error, 'greeting'));
      await Promise.all(recognisers);
    } catch (error) {
      failed(error, 'agent');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const cache of this.#parts.caches) await cache.close();
    this.#parts.brain.close();
  }

  async #prepareGreeting(agent: AgentSettings, tts: readonly Candidate<PreparableSynthesizer>[]): Promise<void> {
    const { startingMessage, language, voiceSettings } = agent;
    if (!startingMessage) return;
    const voice = new FailoverSynthesizer(this.#failover('tts', tts, {}));
    // The greeting is fixed text, which is spoken in one piece.
    await voice.prepare({ text: startingMessage, language, voiceSettings, signal: this.#closing.signal });
  }

  #failover<P>(
    stage: ProviderStage,
    candidates: readonly Candidate<P>[],
    { watch, unhurried }: SuiteOptions,
  ): Omit<FailoverOptions<P>, 'stage'> {
    const { clock, log, deadlines, prices, onFailure, onUsage } = this.#parts;
    return {
      candidates,
      clock,
      deadlines: unhurried ? undefined : deadlines[stage],
      onUsage: (provider, metered) => {
        onUsage?.(stage, provider, metered, prices[provider]);
        watch?.used(stage, provider, metered, prices[provider]);
      },
      onFailure: (failure, error) => {
        const { provider, reason, instead } = failure;
        onFailure?.(failure);
        if (watch) watch.failed(failure, error);
        else log.warn({ err: error, stage, provider, reason, instead }, 'provider failed');
      },
    };
  }

  #choose({ providers }: AgentSettings) {
    const { stt, llm, tts, defaults, fallbacks } = this.#parts;
    return {
      stt: chain(stt, 'stt', providers.stt ?? defaults.stt, fallbacks.stt),
      llm: chain(llm, 'llm', providers.llm ?? defaults.llm, fallbacks.llm),
      tts: chain(tts, 'tts', providers.tts ?? defaults.tts, fallbacks.tts),
    };
  }

  #realtime({ providers: { realtime } }: AgentSettings): RealtimeCandidate | undefined {
    return realtime === undefined ? undefined : named(this.#parts.realtime, 'realtime', realtime);
  }

  #vocabularyOf(agent: AgentSettings): Vocabulary {
    const vocabulary = this.#vocabularies.get(agent) ?? scriptVocabulary(agent);
    this.#vocabularies.set(agent, vocabulary);
    return vocabulary;
  }
}

/** The chosen provider and those that stand in for it, in order. */
function chain<T>(
  providers: ReadonlyMap<string, T>,
  stage: ProviderStage,
  name: string,
  fallbacks: readonly string[],
): readonly T[] {
  const chosen = named(providers, stage, name);
  const others = fallbacks.flatMap((fallback) => providers.get(fallback) ?? []);
  return [...new Set([chosen, ...others])];
}

function named<T>(providers: ReadonlyMap<string, T>, stage: ProviderStage | 'realtime', name: string): T {
  const chosen = providers.get(name);
  if (chosen !== undefined) return chosen;
  const message = `unknown provider; available: ${[...providers.keys()].join(', ') || 'none'}`;
  throw new AppError('invalid_request', `no ${stage} provider of that name`, {
    publicMessage: `providers.${stage}: ${message}`,
    faults: [{ field: `providers.${stage}`, message }],
  });
}
