import { Router } from 'express';
import { RETRY_AFTER_S } from './failure.js';

/** What `/metrics` needs of a registry; prom-client's has it. */
export type MetricsSource = { readonly contentType: string; metrics(): Promise<string> };

/** Whether new calls are taken, and if not why: short words for people and orchestrators. */
export type Readiness = { state: 'ready' | 'draining' | 'overloaded'; reasons: readonly string[] };

/** For orchestrators and monitoring; without a key, so they tell nothing about tenants. */
export function operationsRouter(options: { metrics: MetricsSource; readiness: () => Readiness }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', (_req, res) => {
    const { state, reasons } = options.readiness();
    if (state !== 'ready') res.status(503).setHeader('Retry-After', RETRY_AFTER_S);
    res.json({ status: state, ...(reasons.length > 0 && { reasons }) });
  });
  router.get('/metrics', async (_req, res) => {
    const text = await options.metrics.metrics();
    res.type(options.metrics.contentType).send(text);
  });
  return router;
}
