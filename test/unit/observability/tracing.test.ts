import { createRequire } from 'node:module';
import t from 'tap';
import { silentLogger } from '../../../src/core/log.js';
import { startTracing } from '../../../src/observability/tracing.js';

const loaded = (): boolean =>
  Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('@opentelemetry/sdk-trace'));

void t.test('tracing is on when the standard variables ask for it, and its libraries are loaded only then', async (t) => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  const off: NodeJS.ProcessEnv[] = [
    {},
    { OTEL_SERVICE_NAME: 'offhook' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'zipkin' },
  ];
  for (const env of off) t.equal(await startTracing(env, silentLogger), undefined, JSON.stringify(env));
  t.equal(loaded(), false);
  const on: NodeJS.ProcessEnv[] = [
    endpoint,
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:9/v1/traces' },
    { OTEL_TRACES_EXPORTER: 'otlp' },
    { ...endpoint, OTEL_SDK_DISABLED: 'false' },
  ];
  for (const env of on) {
    const tracing = await startTracing(env, silentLogger);
    t.ok(tracing, JSON.stringify(env));
    await tracing?.close();
  }
  t.equal(loaded(), true);
});
