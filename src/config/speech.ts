import { z } from 'zod';
import { HttpUrl, Millis, Name, Secret } from './fields.js';

const SpeechDefaults = z.strictObject({
  stt: z.enum(['embedded', 'openai', 'none']).optional(),
  llm: z.enum(['script', 'openai']).optional(),
  tts: z.enum(['embedded', 'openai']).optional(),
});

/** One of the three services of a provider; its own key and base URL go before the provider's. */
const service = (model: string, timeoutMs: number) => ({
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  model: Name.default(model),
  timeoutMs: Millis.default(timeoutMs),
});
const OpenAi = z.strictObject({
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  stt: z.strictObject(service('gpt-4o-mini-transcribe', 10_000)).prefault({}),
  llm: z.strictObject(service('gpt-4o-mini', 15_000)).prefault({}),
  tts: z.strictObject({ ...service('gpt-4o-mini-tts', 10_000), voice: Name.default('alloy') }).prefault({}),
});

const Embedded = z.strictObject({
  sttPool: z.number().int().min(0).max(64).default(2),
  ttsWorkers: z.number().int().min(1).max(64).default(1),
});

/** A stage has somewhere to send requests to: a key of its own or the provider's, or the address of a server that may need none. */
const reaches = (openai: z.output<typeof OpenAi>, stage: 'stt' | 'llm' | 'tts'): boolean =>
  [openai.apiKey, openai.baseUrl, openai[stage].apiKey, openai[stage].baseUrl].some((value) => value !== undefined);

export const Speech = z
  .strictObject({
    defaults: SpeechDefaults.prefault({}),
    openai: OpenAi.prefault({}),
    embedded: Embedded.prefault({}),
  })
  .superRefine((speech, context) => {
    for (const stage of ['stt', 'llm', 'tts'] as const) {
      if (speech.defaults[stage] !== 'openai' || reaches(speech.openai, stage)) continue;
      context.addIssue({
        code: 'custom',
        path: ['defaults', stage],
        message: 'is openai, but there is neither a key (OPENAI_API_KEY) nor a base URL (OPENAI_BASE_URL) for it',
      });
    }
  })
  .transform(({ defaults, openai, embedded }) => ({
    defaults: {
      stt: defaults.stt ?? (reaches(openai, 'stt') ? ('openai' as const) : ('embedded' as const)),
      llm: defaults.llm ?? (reaches(openai, 'llm') ? ('openai' as const) : ('script' as const)),
      tts: defaults.tts ?? (reaches(openai, 'tts') ? ('openai' as const) : ('embedded' as const)),
    },
    openai,
    embedded,
  }));
