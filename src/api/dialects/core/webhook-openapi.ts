import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { failures, Id, json, many, one } from './openapi-parts.js';
import { DeliveriesQuery } from './query-schema.js';
import { DeliveryDetail, DeliveryResource, SecretResource } from './webhook-schema.js';

export const WEBHOOK_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/webhooks/deliveries',
    tags: ['Webhooks'],
    summary: 'List webhook deliveries, newest first',
    request: { query: DeliveriesQuery },
    responses: { 200: { description: 'A page of deliveries', ...json(many(DeliveryResource)) }, ...failures(400, 401) },
  },
  {
    method: 'get',
    path: '/webhooks/deliveries/{id}',
    tags: ['Webhooks'],
    summary: 'Get a delivery with its payload and the log of its attempts',
    request: { params: Id },
    responses: { 200: { description: 'The delivery', ...json(one(DeliveryDetail)) }, ...failures(401, 404) },
  },
  {
    method: 'post',
    path: '/webhooks/deliveries/{id}/replay',
    tags: ['Webhooks'],
    summary: 'Try a dead delivery anew',
    request: { params: Id },
    responses: { 200: { description: 'The delivery, pending again', ...json(one(DeliveryDetail)) }, ...failures(401, 404, 409) },
  },
  {
    method: 'get',
    path: '/webhooks/secret',
    tags: ['Webhooks'],
    summary: 'Get the secret that signs what tasks and the configuration ask for',
    description:
      'Needs the scope `webhooks:write` too. Webhooks made over the API have secrets of their own. Deliveries carry `X-Offhook-Event-Id`, `X-Offhook-Timestamp` (seconds) and `X-Offhook-Signature: sha256=<hex>`, the HMAC-SHA256 of `<timestamp>.<body>`. ' +
      'Compare in constant time, refuse old timestamps, and remember event ids: an event may come more than once. Only 2xx within ten seconds counts; ' +
      'failures are tried again after 10 s, 1 min, 5 min and 30 min.',
    responses: { 200: { description: 'The secret', ...json(one(SecretResource)) }, ...failures(401) },
  },
];
