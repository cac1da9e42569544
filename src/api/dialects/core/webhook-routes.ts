import { type RequestHandler, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { WebhookOutbox } from '../../../domain/ports/webhooks.js';
import { demand } from '../../http/access/require-permission.js';
import { parseInput } from '../../http/parse.js';
import { nowMsOf, principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { DeliveriesQuery } from './query-schema.js';
import { presentDelivery, presentDeliveryDetail } from './webhook-schema.js';

export type WebhooksRouterOptions = { webhooks: WebhookOutbox };

const notFound = (): AppError => new AppError('not_found', 'no such delivery', { publicMessage: 'Delivery not found' });

const requireSecretScope: RequestHandler = (_req, res, next) => {
  demand(res, 'webhooks:write');
  next();
};

/** What became of the webhooks: the log, the dead letters and their second chance. */
export function webhooksRouter({ webhooks }: WebhooksRouterOptions): Router {
  const router = Router();
  router.get('/deliveries', async (req, res) => {
    const { state, subscription_id: subscriptionId, ...page } = parseInput(DeliveriesQuery, req.query);
    const filter = { state, subscriptionId: subscriptionId?.toLowerCase() };
    const { items, total } = await webhooks.list(principalOf(res).tenantId, filter, page);
    res.json(successPage(res, items.map(presentDelivery), total, page));
  });
  router.get('/deliveries/:id', async (req, res) => {
    const found = await webhooks.attempts(principalOf(res).tenantId, req.params.id.toLowerCase());
    if (!found) throw notFound();
    res.json(success(res, presentDeliveryDetail(found.delivery, found.attempts)));
  });
  router.post('/deliveries/:id/replay', async (req, res) => {
    const { tenantId } = principalOf(res);
    const id = req.params.id.toLowerCase();
    const replayed = await webhooks.replay(tenantId, id, nowMsOf(res));
    const found = await webhooks.attempts(tenantId, id);
    if (!found) throw notFound();
    if (!replayed) throw new AppError('conflict', 'not dead', { publicMessage: 'Only a dead delivery can be replayed' });
    res.json(success(res, presentDeliveryDetail(found.delivery, found.attempts)));
  });
  // Who knows it can sign in our name: reading alone is not enough.
  router.get('/secret', requireSecretScope, async (_req, res) => {
    const secret = await webhooks.secretOf(principalOf(res).tenantId);
    res.json(success(res, { secret, algorithm: 'hmac-sha256', signed: '<X-Offhook-Timestamp>.<body>' }));
  });
  return router;
}
