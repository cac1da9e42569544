import type { Turn, TurnLatency } from './call.js';
import type { ProviderStage } from './provider-failure.js';

/** The stages of a turn in the order in which they are reached, against the fields of its latency. */
export const TURN_STAGES = {
  vad_end: 'vadEndMs',
  endpoint: 'endpointMs',
  stt_final: 'sttFinalMs',
  first_text: 'firstTextMs',
  first_clause: 'firstClauseMs',
  first_audio: 'firstAudioMs',
  first_packet: 'firstPacketMs',
} as const satisfies Record<string, keyof TurnLatency>;
export type TurnStage = keyof typeof TURN_STAGES;

/** What is measured of a turn. */
export type MeasuredTurn = Pick<Turn, 'latency' | 'bargeInMs' | 'providers'>;

export type ProviderTime = { stage: ProviderStage; provider: string; ms: number };

/**
 * How long each provider was waited for in one turn: the recogniser from the end of speech to its words, the model from then, or from the
 * endpoint, to its first text, and the synthesiser from the first clause to its first audio. A model that began before the endpoint was
 * not waited for.
 */
export function providerTimes({ latency, providers = {} }: MeasuredTurn): ProviderTime[] {
  const { vadEndMs, endpointMs, sttFinalMs, aheadMs, firstTextMs, firstClauseMs, firstAudioMs } = latency;
  const asked = endpointMs === undefined && sttFinalMs === undefined ? 0 : Math.max(endpointMs ?? 0, sttFinalMs ?? 0);
  const times: [ProviderStage, from: number | undefined, to: number | undefined][] = [
    ['stt', vadEndMs, sttFinalMs],
    ['llm', aheadMs === undefined ? asked : undefined, firstTextMs],
    ['tts', firstClauseMs, firstAudioMs],
  ];
  return times.flatMap(([stage, from, to]) => {
    const provider = providers[stage];
    return provider === undefined || from === undefined || to === undefined
      ? []
      : [{ stage, provider, ms: Math.max(0, to - from) }];
  });
}

export type Spread = { count: number; p50Ms: number; p95Ms: number; p99Ms: number };

export type Waterfall = {
  turns: number;
  /** Only what was reached at all. */
  stages: Partial<Record<TurnStage, Spread>>;
  bargeIn: Spread | undefined;
  providers: (Spread & Omit<ProviderTime, 'ms'>)[];
};

/** Where the time goes in these turns. */
export function waterfallOf(turns: readonly MeasuredTurn[]): Waterfall {
  const stages: Waterfall['stages'] = {};
  for (const [stage, field] of Object.entries(TURN_STAGES) as [TurnStage, keyof TurnLatency][]) {
    const spread = spreadOf(turns.flatMap(({ latency }) => latency[field] ?? []));
    if (spread) stages[stage] = spread;
  }
  const byProvider = new Map<string, ProviderTime[]>();
  for (const time of turns.flatMap(providerTimes)) {
    const key = `${time.stage} ${time.provider}`;
    const same = byProvider.get(key);
    if (same) same.push(time);
    else byProvider.set(key, [time]);
  }
  const providers = [...byProvider.values()].flatMap((times) => {
    const spread = spreadOf(times.map(({ ms }) => ms));
    return spread && times[0] ? [{ stage: times[0].stage, provider: times[0].provider, ...spread }] : [];
  });
  return { turns: turns.length, stages, bargeIn: spreadOf(turns.flatMap(({ bargeInMs }) => bargeInMs ?? [])), providers };
}

/** By the nearest rank: each is a time that was really measured. */
function spreadOf(times: readonly number[]): Spread | undefined {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? undefined : { count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
