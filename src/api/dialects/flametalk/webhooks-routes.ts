import { type Request, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { WebhookOutbox } from '../../../domain/ports/webhooks.js';
import type { SubscriptionService } from '../../../subscriptions/subscription-service.js';
import { parseInput } from '../../http/parse.js';
import { markSecret, nowMsOf, principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { EmptyBody, PageQuery } from './fields.js';
import { presentDelivery, presentDetail, presentTest, presentWebhook, presentWithSecret } from './webhook-presentation.js';
import { DeliveriesQuery, WebhookCreate, WebhookPatchBody } from './webhook-schema.js';

export type WebhooksRouterOptions = { subscriptions: SubscriptionService; webhooks: WebhookOutbox };

const idOf = (req: Request<{ id: string }>): string => req.params.id.toLowerCase();

export function webhooksRouter({ subscriptions, webhooks }: WebhooksRouterOptions): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await subscriptions.list(principalOf(res).tenantId, page);
    const presented = items.map((webhook) => presentWebhook(webhook, nowMsOf(res)));
    res.json(successPage(presented, total, page));
  });
  router.post('/', async (req, res) => {
    const { description, ...draft } = parseInput(WebhookCreate, req.body);
    const webhook = await subscriptions.create(principalOf(res).tenantId, { ...draft, description: description ?? undefined });
    markSecret(res);
    res.status(201).json(success(presentWithSecret(webhook, nowMsOf(res))));
  });
  router.get('/:id', async (req, res) => {
    const webhook = await subscriptions.get(principalOf(res).tenantId, idOf(req));
    res.json(success(presentWebhook(webhook, nowMsOf(res))));
  });
  router.patch('/:id', async (req, res) => {
    const { url, events, description, enabled } = parseInput(WebhookPatchBody, req.body);
    const patch = {
      ...(url !== undefined && { url }),
      ...(events !== undefined && { events }),
      ...(description !== undefined && { description: description ?? undefined }),
      ...(enabled !== undefined && { enabled }),
    };
    const webhook = await subscriptions.patch(principalOf(res).tenantId, idOf(req), patch);
    res.json(success(presentWebhook(webhook, nowMsOf(res))));
  });
  router.delete('/:id', async (req, res) => {
    const id = idOf(req);
    await subscriptions.delete(principalOf(res).tenantId, id);
    res.json(success({ id, deleted: true }));
  });
  router.post('/:id/rotate-secret', async (req, res) => {
    parseInput(EmptyBody, req.body);
    const webhook = await subscriptions.rotate(principalOf(res).tenantId, idOf(req));
    markSecret(res);
    res.json(success(presentWithSecret(webhook, nowMsOf(res))));
  });
  router.post('/:id/test', async (req, res) => {
    parseInput(EmptyBody, req.body);
    res.json(success(presentTest(await subscriptions.test(principalOf(res).tenantId, idOf(req)))));
  });
  addDeliveries(router, { subscriptions, webhooks });
  return router;
}

function addDeliveries(router: Router, { subscriptions, webhooks }: WebhooksRouterOptions): void {
  type DeliveryRequest = Request<{ id: string; deliveryId: string }>;
  /** One of another webhook is none. */
  const find = async (req: DeliveryRequest, res: Response) => {
    const found = await webhooks.attempts(principalOf(res).tenantId, req.params.deliveryId.toLowerCase());
    if (found && found.delivery.subscriptionId === idOf(req)) return found;
    throw new AppError('not_found', 'no such delivery', { publicMessage: 'Delivery not found' });
  };
  router.get('/:id/deliveries', async (req, res) => {
    const { status: state, ...page } = parseInput(DeliveriesQuery, req.query);
    const { tenantId } = principalOf(res);
    const { id: subscriptionId } = await subscriptions.get(tenantId, idOf(req));
    const { items, total } = await webhooks.list(tenantId, { state, subscriptionId }, page);
    res.json(successPage(items.map(presentDelivery), total, page));
  });
  router.get('/:id/deliveries/:deliveryId', async (req, res) => {
    const { delivery, attempts } = await find(req, res);
    res.json(success(presentDetail(delivery, attempts)));
  });
  router.post('/:id/deliveries/:deliveryId/retry', async (req, res) => {
    parseInput(EmptyBody, req.body);
    const { delivery } = await find(req, res);
    if (!(await webhooks.replay(delivery.tenantId, delivery.id, nowMsOf(res)))) {
      throw new AppError('conflict', 'not dead', { publicMessage: 'Only a dead delivery can be sent again' });
    }
    const retried = await find(req, res);
    res.json(success(presentDetail(retried.delivery, retried.attempts)));
  });
}
