import type { ProviderStage } from './provider-failure.js';

/** What a provider measured of one request, or we did in its place. */
export type Metered = {
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
  /** Of audio that a model heard or spoke by itself; not among the others. */
  inputAudioTokens?: number | undefined;
  outputAudioTokens?: number | undefined;
  /** Of speech that was listened to. */
  audioMs?: number | undefined;
  /** Of text that was spoken. */
  characters?: number | undefined;
};

/** In whatever currency the operator keeps them. */
export type Prices = {
  perMillionInputTokens: number;
  perMillionOutputTokens: number;
  perMillionInputAudioTokens?: number | undefined;
  perMillionOutputAudioTokens?: number | undefined;
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

const NOTHING = { inputTokens: 0, outputTokens: 0, inputAudioTokens: 0, outputAudioTokens: 0, audioMs: 0, characters: 0 };

export function costOf(metered: Metered, prices: Prices | undefined): number | undefined {
  if (!prices) return undefined;
  const of = summed(NOTHING, metered);
  const perMillion =
    of.inputTokens * prices.perMillionInputTokens +
    of.outputTokens * prices.perMillionOutputTokens +
    of.inputAudioTokens * (prices.perMillionInputAudioTokens ?? 0) +
    of.outputAudioTokens * (prices.perMillionOutputAudioTokens ?? 0) +
    of.characters * prices.perMillionCharacters;
  return perMillion / 1_000_000 + (of.audioMs * prices.perAudioMinute) / 60_000;
}

function summed(before: typeof NOTHING, more: Metered): typeof NOTHING {
  return {
    inputTokens: before.inputTokens + (more.inputTokens ?? 0),
    outputTokens: before.outputTokens + (more.outputTokens ?? 0),
    inputAudioTokens: before.inputAudioTokens + (more.inputAudioTokens ?? 0),
    outputAudioTokens: before.outputAudioTokens + (more.outputAudioTokens ?? 0),
    audioMs: before.audioMs + (more.audioMs ?? 0),
    characters: before.characters + (more.characters ?? 0),
  };
}

/** With one more request counted. */
export function withUsage(
  usage: readonly ProviderUsage[],
  stage: ProviderStage,
  provider: string,
  metered: Metered,
  prices: Prices | undefined,
): readonly ProviderUsage[] {
  const none = { stage, provider, requests: 0, ...NOTHING, cost: undefined };
  const before: ProviderUsage = usage.find((each) => each.stage === stage && each.provider === provider) ?? none;
  const cost = costOf(metered, prices);
  const after: ProviderUsage = {
    stage,
    provider,
    requests: before.requests + 1,
    ...summed(before, metered),
    cost: cost === undefined ? before.cost : (before.cost ?? 0) + cost,
  };
  return before === none ? [...usage, after] : usage.map((each) => (each === before ? after : each));
}

/** Of the call so far; undefined where nothing of it has a price. */
export function totalCostOf(usage: readonly ProviderUsage[]): number | undefined {
  const costs = usage.flatMap(({ cost }) => cost ?? []);
  return costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0);
}
