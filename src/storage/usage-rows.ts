import { z } from 'zod';
import { PROVIDER_STAGES } from '../domain/provider-failure.js';
import type { ProviderUsage } from '../domain/provider-usage.js';

const ProviderUsageJson = z.array(
  z.object({
    stage: z.enum(PROVIDER_STAGES),
    provider: z.string(),
    requests: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    inputAudioTokens: z.number().default(0),
    outputAudioTokens: z.number().default(0),
    audioMs: z.number(),
    characters: z.number(),
    cost: z.number().optional(),
  }),
);

export const providerUsageOf = (json: string): ProviderUsage[] =>
  ProviderUsageJson.parse(JSON.parse(json)).map((each) => ({ ...each, cost: each.cost }));
