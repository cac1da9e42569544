import { DiagLogLevel, diag, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { within } from '../calls/within.js';
import { systemClock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import { CallSpans } from './call-spans.js';
import type { Tracing } from './tracing.js';

/** What is to be closed after us does not wait longer for a collector that is gone; the process does, for `OTEL_EXPORTER_OTLP_TIMEOUT`. */
const CLOSE_LIMIT_MS = 3_000;
const ONLY_PROTOCOL = 'http/protobuf';

export function exportTraces(env: NodeJS.ProcessEnv, log: Logger): Tracing {
  const protocol = env['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? env['OTEL_EXPORTER_OTLP_PROTOCOL'] ?? ONLY_PROTOCOL;
  if (protocol !== ONLY_PROTOCOL) log.warn({ protocol }, `traces are sent as ${ONLY_PROTOCOL}, whatever else is asked for`);
  // A collector that takes nothing is told of here; the default is to say nothing at all.
  const tell = (reason: string): void => log.warn({ reason: reason.slice(0, 500) }, 'traces');
  const nothing = (): void => {};
  const logger = { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });

  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'offhook' }))
    .merge(detectResources({ detectors: [envDetector] }));
  const processor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  const tracer = provider.getTracer('offhook');
  const calls = new CallSpans(tracer);
  return {
    onCallEvent: (event) => calls.onCallEvent(event),
    onRequest: ({ route, statusCode, durationMs }) => {
      const endMs = systemClock.nowMs();
      const [method = '', path = ''] = route.split(' ');
      const span = tracer.startSpan(route === 'other' ? 'HTTP' : route, {
        root: true,
        kind: SpanKind.SERVER,
        startTime: endMs - durationMs,
        attributes: {
          'http.response.status_code': statusCode,
          ...(path && { 'http.request.method': method, 'http.route': path }),
        },
      });
      if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(endMs);
    },
    close: async () => {
      await within(systemClock, CLOSE_LIMIT_MS, provider.shutdown()).catch((error: unknown) => tell(String(error)));
    },
  };
}
