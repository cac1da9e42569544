import { z } from 'zod';
import { PROVIDER_STAGES, type ProviderStage } from '../domain/provider-failure.js';
import { HttpUrl, Millis, Name, Secret } from './fields.js';

/** One of the services of a provider; its own key and base URL go before the provider's. */
const service = (model: string, timeoutMs: number) => ({
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  model: Name.default(model),
  timeoutMs: Millis.default(timeoutMs),
});
const OPEN_AI = {
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  /** `realtime`: while somebody speaks, over a WebSocket. Left out: with OpenAI itself only. */
  stt: z.strictObject({ ...service('gpt-4o-mini-transcribe', 10_000), realtime: z.boolean().optional() }).prefault({}),
  llm: z.strictObject(service('gpt-4o-mini', 15_000)).prefault({}),
  tts: z.strictObject({ ...service('gpt-4o-mini-tts', 10_000), voice: Name.default('alloy') }).prefault({}),
  /** Speech to speech, for agents that choose it. `transcription`: the model that writes down what the caller says. */
  realtime: z
    .strictObject({
      ...service('gpt-realtime', 10_000),
      voice: Name.default('alloy'),
      transcription: Name.default('gpt-4o-mini-transcribe'),
    })
    .prefault({}),
};
const OpenAi = z.strictObject({ ...OPEN_AI, embeddings: z.strictObject(service('text-embedding-3-small', 10_000)).prefault({}) });
type OpenAi = Omit<z.output<typeof OpenAi>, 'embeddings'>;

/** A further provider, under a name of its own. */
const ElevenLabs = z.strictObject({
  type: z.literal('elevenlabs'),
  apiKey: Secret,
  baseUrl: HttpUrl.default('https://api.elevenlabs.io'),
  model: Name.default('eleven_flash_v2_5'),
  /** Id of the voice of agents that name none. */
  voice: Name,
  timeoutMs: Millis.default(10_000),
});
const Provider = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('openai'), ...OPEN_AI }), ElevenLabs]);
const ProviderName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9, dash and underscore, a letter first')
  .refine((name) => !(name in OWN) && name !== 'openai', 'is the name of another provider');

const Embedded = z.strictObject({
  sttPool: z.number().int().min(0).max(64).default(2),
  ttsWorkers: z.number().int().min(1).max(64).default(1),
});

const deadlines = (firstMs: number, nextMs: number, totalMs: number) =>
  z
    .strictObject({
      firstMs: Millis.default(firstMs),
      nextMs: Millis.default(nextMs),
      totalMs: Millis.default(totalMs),
      hedgeAfterMs: Millis.optional(),
    })
    .prefault({});
const Deadlines = z.strictObject({
  stt: deadlines(2500, 2500, 10_000),
  llm: deadlines(4000, 5000, 30_000),
  tts: deadlines(3000, 3000, 30_000),
});

const Breaker = z
  .strictObject({
    windowRequests: z.number().int().min(1).max(1000).default(4),
    minimumRequests: z.number().int().min(1).max(1000).default(2),
    failurePercent: z.number().min(1).max(100).default(50),
    openMs: Millis.default(30_000),
  })
  .refine((breaker) => breaker.minimumRequests <= breaker.windowRequests, {
    path: ['minimumRequests'],
    error: 'must not be above windowRequests',
  });

const Price = z.number().min(0).max(1_000_000).default(0);
const Prices = z.strictObject({
  perMillionInputTokens: Price,
  perMillionOutputTokens: Price,
  perMillionInputAudioTokens: Price,
  perMillionOutputAudioTokens: Price,
  perAudioMinute: Price,
  perMillionCharacters: Price,
});

/** A provider of each stage that needs no network. */
const OWN: Readonly<Record<string, readonly ProviderStage[]>> = {
  embedded: ['stt', 'tts'],
  none: ['stt'],
  script: ['llm'],
};

type Providers = { openai: OpenAi; providers: Readonly<Record<string, z.output<typeof Provider>>> };

/** Has somewhere to send requests to: a key of its own or the provider's, or the address of a server that may need none. */
const reaches = (provider: OpenAi, stage: ProviderStage): boolean =>
  [provider.apiKey, provider.baseUrl, provider[stage].apiKey, provider[stage].baseUrl].some((value) => value !== undefined);

/** Why a provider cannot serve a stage; undefined: it can. */
function unfit(name: string, stage: ProviderStage, { openai, providers }: Providers): string | undefined {
  if (OWN[name]?.includes(stage)) return undefined;
  const known = name === 'openai' ? openai : providers[name];
  if (known && 'voice' in known) return stage === 'tts' ? undefined : `is ${name}, which only speaks`;
  if (known && reaches(known, stage)) return undefined;
  if (name === 'openai') return 'is openai, but there is neither a key (OPENAI_API_KEY) nor a base URL (OPENAI_BASE_URL) for it';
  if (known) return `is ${name}, but there is neither a key nor a base URL for it`;
  const own = Object.keys(OWN).filter((each) => OWN[each]?.includes(stage));
  return `must be one of ${[...own, 'openai', ...Object.keys(providers)].join(', ')}`;
}

const byStage = <T extends z.ZodType>(of: (stage: ProviderStage) => T) =>
  z.strictObject({ stt: of('stt'), llm: of('llm'), tts: of('tts') }).prefault({} as never);

export const Speech = z
  .strictObject({
    defaults: byStage(() => Name.optional()),
    fallbacks: byStage((stage) =>
      z
        .array(Name)
        .max(10)
        .default(stage === 'tts' ? ['embedded'] : []),
    ),
    deadlines: Deadlines.prefault({}),
    breaker: Breaker.prefault({}),
    openai: OpenAi.prefault({}),
    providers: z.record(ProviderName, Provider).default({}),
    /** By the name of the provider; what is not in it is counted, but has no cost. */
    prices: z.record(Name, Prices).default({}),
    embedded: Embedded.prefault({}),
  })
  .superRefine((speech, context) => {
    const check = (name: string | undefined, stage: ProviderStage, path: (string | number)[]): void => {
      const message = name === undefined ? undefined : unfit(name, stage, speech);
      if (message !== undefined) context.addIssue({ code: 'custom', path, message });
    };
    for (const name of Object.keys(speech.prices)) {
      const provider = name.replace(/\/realtime$/, '');
      if (provider === 'openai' || Object.hasOwn(speech.providers, provider)) continue;
      context.addIssue({ code: 'custom', path: ['prices', name], message: 'is no provider of speech.providers, nor openai' });
    }
    for (const stage of PROVIDER_STAGES) {
      check(speech.defaults[stage], stage, ['defaults', stage]);
      for (const [index, name] of speech.fallbacks[stage].entries()) check(name, stage, ['fallbacks', stage, index]);
    }
  })
  .transform(({ defaults, openai, ...speech }) => {
    const chosen = (stage: ProviderStage, own: string): string => defaults[stage] ?? (reaches(openai, stage) ? 'openai' : own);
    return {
      ...speech,
      openai,
      defaults: { stt: chosen('stt', 'embedded'), llm: chosen('llm', 'script'), tts: chosen('tts', 'embedded') },
    };
  });
