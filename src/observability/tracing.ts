import type { CallEvent } from '../calls/call-event.js';
import type { Logger } from '../core/log.js';

export type Tracing = {
  onCallEvent(event: CallEvent): void;
  /** A request to the API that is over now; `route` is its template. */
  onRequest(seen: { route: string; statusCode: number; durationMs: number }): void;
  /** Sends what is left, as far as somebody takes it in a short while. */
  close(): Promise<void>;
};

/**
 * Traces of calls by OTLP over HTTP, when the standard variables ask for them: an endpoint (`OTEL_EXPORTER_OTLP_ENDPOINT`,
 * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) or `OTEL_TRACES_EXPORTER=otlp`. `OTEL_SDK_DISABLED=true` and `OTEL_TRACES_EXPORTER=none` turn
 * them off. The rest of the variables is read by the libraries, which are not even loaded when nobody asks.
 */
export async function startTracing(env: NodeJS.ProcessEnv, log: Logger): Promise<Tracing | undefined> {
  if (!isWanted(env, log)) return undefined;
  const { exportTraces } = await import('./otlp-traces.js');
  return exportTraces(env, log);
}

function isWanted(env: NodeJS.ProcessEnv, log: Logger): boolean {
  if (env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false;
  const exporters = wordsOf(env['OTEL_TRACES_EXPORTER']);
  const hasEndpoint = [env['OTEL_EXPORTER_OTLP_ENDPOINT'], env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']].some(Boolean);
  const unknown = exporters.filter((name) => name !== 'otlp' && name !== 'none');
  if (unknown.length > 0) log.warn({ unknown }, 'OTEL_TRACES_EXPORTER takes otlp or none');
  return exporters.length === 0 ? hasEndpoint : exporters.includes('otlp');
}

const wordsOf = (text = ''): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
