import { Counter, Histogram, type Registry } from 'prom-client';
import type { ProviderWatch } from '../domain/ports/speech.js';
import type { ProviderFailure } from '../domain/provider-failure.js';
import { costOf } from '../domain/provider-usage.js';

const API_BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type RequestSeen = { route: string; statusCode: number; durationMs: number };

/** Counts requests to the API. `route` is a template from the API's own document, so that it takes no value of a client's. */
export function countRequests(registry: Registry): (seen: RequestSeen) => void {
  const requests = new Counter({
    name: 'offhook_http_requests_total',
    help: 'Requests to the API by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'offhook_http_request_seconds',
    help: 'From the first line of a request to the last byte of its answer; streams end when somebody hangs up',
    buckets: API_BUCKETS_S,
    labelNames: ['route'],
    registers: [registry],
  });
  return ({ route, statusCode, durationMs }) => {
    requests.inc({ route, status: statusCode });
    duration.observe({ route }, durationMs / 1000);
  };
}

/** Counts what speech providers over the network answered, attempts that are made again included. */
export function countProviderAnswers(
  registry: Registry,
): (answer: { provider: string; stage: string; statusCode: number }) => void {
  const answers = new Counter({
    name: 'offhook_provider_answers_total',
    help: 'Answers of speech providers by stage and outcome',
    labelNames: ['provider', 'stage', 'outcome'],
    registers: [registry],
  });
  return ({ provider, stage, statusCode }) => answers.inc({ provider, stage, outcome: outcomeOf(statusCode) });
}

/** Counts how often speech providers did not do their part, and whether the caller was served all the same. */
export function countProviderFailures(registry: Registry): (failure: ProviderFailure) => void {
  const failures = new Counter({
    name: 'offhook_provider_failures_total',
    help: 'Requests that speech providers failed, by reason; served: another provider did it instead',
    labelNames: ['provider', 'stage', 'reason', 'served'],
    registers: [registry],
  });
  return ({ provider, stage, reason, instead }) =>
    failures.inc({ provider, stage, reason, served: instead === undefined ? 'no' : 'yes' });
}

/** Counts what was asked of speech providers, in the units that they charge for, and what it costs by the operator's prices. */
export function countProviderUsage(registry: Registry): ProviderWatch['used'] {
  const labels = { labelNames: ['provider', 'stage'] as const, registers: [registry] };
  const tokens = new Counter({ name: 'offhook_provider_tokens_total', help: 'Tokens in and out', ...labels });
  const audio = new Counter({ name: 'offhook_provider_audio_seconds_total', help: 'Speech that was listened to', ...labels });
  const characters = new Counter({ name: 'offhook_provider_characters_total', help: 'Text that was spoken', ...labels });
  const cost = new Counter({ name: 'offhook_provider_cost_total', help: 'By speech.prices', ...labels });
  return (stage, provider, metered, prices) => {
    const { inputTokens = 0, outputTokens = 0, inputAudioTokens = 0, outputAudioTokens = 0, audioMs = 0 } = metered;
    tokens.inc({ provider, stage }, inputTokens + outputTokens + inputAudioTokens + outputAudioTokens);
    audio.inc({ provider, stage }, audioMs / 1000);
    characters.inc({ provider, stage }, metered.characters ?? 0);
    cost.inc({ provider, stage }, costOf(metered, prices) ?? 0);
  };
}

function outcomeOf(statusCode: number): string {
  if (statusCode === 429) return 'rate_limited';
  if (statusCode >= 500) return 'server_error';
  return statusCode >= 400 ? 'refused' : 'ok';
}
