import type { ProviderStage } from './provider-failure.js';

/** What a provider measured of one request, or we did in its place. */
export type Metered = {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  /** Of speech that was listened to. */
  audioMs?: number | undefined;
  /** Of text that was spoken. */
  characters?: number | undefined;
};

/** In whatever currency the operator keeps them. */
export type Prices = {
  perMillionInputTokens: number;
  perMillionOutputTokens: number;
  perAudioMinute: number;
  perMillionCharacters: number;
};

/** All requests of one call to one provider for one stage. */
export type ProviderUsage = Required<{ [K in keyof Metered]: number }> & {
  stage: ProviderStage;
  provider: string;
  requests: number;
  /** Undefined: nobody said what it costs. */
  cost: number | undefined;
};

export const costOf = (
  { inputTokens = 0, outputTokens = 0, audioMs = 0, characters = 0 }: Metered,
  prices: Prices | undefined,
): number | undefined =>
  prices &&
  (inputTokens * prices.perMillionInputTokens +
    outputTokens * prices.perMillionOutputTokens +
    characters * prices.perMillionCharacters) /
    1_000_000 +
    (audioMs * prices.perAudioMinute) / 60_000;

/** With one more request counted. */
export function withUsage(
  usage: readonly ProviderUsage[],
  stage: ProviderStage,
  provider: string,
  metered: Metered,
  prices: Prices | undefined,
): readonly ProviderUsage[] {
  const none = { stage, provider, requests: 0, inputTokens: 0, outputTokens: 0, audioMs: 0, characters: 0, cost: undefined };
  const before: ProviderUsage = usage.find((each) => each.stage === stage && each.provider === provider) ?? none;
  const cost = costOf(metered, prices);
  const after: ProviderUsage = {
    stage,
    provider,
    requests: before.requests + 1,
    inputTokens: before.inputTokens + (metered.inputTokens ?? 0),
    outputTokens: before.outputTokens + (metered.outputTokens ?? 0),
    audioMs: before.audioMs + (metered.audioMs ?? 0),
    characters: before.characters + (metered.characters ?? 0),
    cost: cost === undefined ? before.cost : (before.cost ?? 0) + cost,
  };
  return before === none ? [...usage, after] : usage.map((each) => (each === before ? after : each));
}

/** Of the call so far; undefined where nothing of it has a price. */
export function totalCostOf(usage: readonly ProviderUsage[]): number | undefined {
  const costs = usage.flatMap(({ cost }) => cost ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}
