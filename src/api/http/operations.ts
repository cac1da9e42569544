import { Router } from 'express';

/** What `/metrics` needs of a registry; prom-client's has it. */
export type MetricsSource = { readonly contentType: string; metrics(): Promise<string> };

/** For orchestrators and monitoring; without a key, so they tell nothing about tenants. */
export function operationsRouter(options: { metrics: MetricsSource; ready: () => boolean }): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', (_req, res) => {
    const ready = options.ready();
    res.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'draining' });
  });
  router.get('/metrics', async (_req, res) => {
    const text = await options.metrics.metrics();
    res.type(options.metrics.contentType).send(text);
  });
  return router;
}
