import { type Request, Router } from 'express';
import type { SubscriptionService } from '../../../subscriptions/subscription-service.js';
import { parseInput } from '../../http/parse.js';
import { markSecret, nowMsOf, principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { EmptyBody } from './report-schema.js';
import { SubscriptionCreate, SubscriptionPatch, SubscriptionsQuery } from './subscription-schema.js';
import { presentSubscription, presentTest, presentWithSecret, toDraft, toPatch } from './subscription-translation.js';

const idOf = (req: Request<{ id: string }>): string => req.params.id.toLowerCase();

/** The webhooks of an organisation. To stand after the routes of their deliveries, whose names would be ids here. */
export function subscriptionsRouter(subscriptions: SubscriptionService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(SubscriptionsQuery, req.query);
    const { items, total } = await subscriptions.list(principalOf(res).tenantId, page);
    const nowMs = nowMsOf(res);
    res.json(
      successPage(
        res,
        items.map((webhook) => presentSubscription(webhook, nowMs)),
        total,
        page,
      ),
    );
  });
  router.post('/', async (req, res) => {
    const draft = toDraft(parseInput(SubscriptionCreate, req.body));
    const webhook = await subscriptions.create(principalOf(res).tenantId, draft);
    markSecret(res);
    res.status(201).json(success(res, presentWithSecret(webhook, nowMsOf(res))));
  });
  router.get('/:id', async (req, res) => {
    const webhook = await subscriptions.get(principalOf(res).tenantId, idOf(req));
    res.json(success(res, presentSubscription(webhook, nowMsOf(res))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toPatch(parseInput(SubscriptionPatch, req.body));
    const webhook = await subscriptions.patch(principalOf(res).tenantId, idOf(req), patch);
    res.json(success(res, presentSubscription(webhook, nowMsOf(res))));
  });
  router.delete('/:id', async (req, res) => {
    const id = idOf(req);
    await subscriptions.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.post('/:id/rotate-secret', async (req, res) => {
    parseInput(EmptyBody, req.body);
    const webhook = await subscriptions.rotate(principalOf(res).tenantId, idOf(req));
    markSecret(res);
    res.json(success(res, presentWithSecret(webhook, nowMsOf(res))));
  });
  router.post('/:id/test', async (req, res) => {
    parseInput(EmptyBody, req.body);
    res.json(success(res, presentTest(await subscriptions.test(principalOf(res).tenantId, idOf(req)))));
  });
  return router;
}
