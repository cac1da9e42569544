import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { failures, Id, json, many, one } from './openapi-parts.js';
import {
  SubscriptionCreate,
  SubscriptionPatch,
  SubscriptionResource,
  SubscriptionsQuery,
  SubscriptionTest,
  SubscriptionWithSecret,
} from './subscription-schema.js';

export const SUBSCRIPTION_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/webhooks',
    tags: ['Webhooks'],
    summary: 'List webhooks, newest first',
    description: 'Those made here; the ones of the configuration file are not among them.',
    request: { query: SubscriptionsQuery },
    responses: { 200: { description: 'A page of webhooks', ...json(many(SubscriptionResource)) }, ...failures(400, 401) },
  },
  {
    method: 'post',
    path: '/webhooks',
    tags: ['Webhooks'],
    summary: 'Create a webhook, which is told of every call of the organisation',
    description:
      'A URL that a task, the configuration and a webhook name is told once, signed with the secret of the webhook. ' +
      'Addresses that are not public are not connected to. 409 when there is one of this URL, or 100 of them.',
    request: { body: json(SubscriptionCreate) },
    responses: {
      201: { description: 'The webhook, with its secret this once', ...json(one(SubscriptionWithSecret)) },
      ...failures(400, 401, 409, 413),
    },
  },
  {
    method: 'get',
    path: '/webhooks/{id}',
    tags: ['Webhooks'],
    summary: 'Get a webhook',
    request: { params: Id },
    responses: { 200: { description: 'The webhook', ...json(one(SubscriptionResource)) }, ...failures(401, 404) },
  },
  {
    method: 'patch',
    path: '/webhooks/{id}',
    tags: ['Webhooks'],
    summary: 'Change a webhook',
    request: { params: Id, body: json(SubscriptionPatch) },
    responses: {
      200: { description: 'The changed webhook', ...json(one(SubscriptionResource)) },
      ...failures(400, 401, 404, 409, 413),
    },
  },
  {
    method: 'delete',
    path: '/webhooks/{id}',
    tags: ['Webhooks'],
    summary: 'Delete a webhook with its deliveries and their log',
    request: { params: Id },
    responses: {
      200: { description: 'Deleted', ...json(one(z.object({ id: z.uuid(), deleted: z.literal(true) }))) },
      ...failures(401, 404),
    },
  },
  {
    method: 'post',
    path: '/webhooks/{id}/rotate-secret',
    tags: ['Webhooks'],
    summary: 'Give a webhook a new secret',
    description:
      'For 24 hours the old one signs too: `X-Offhook-Signature` then holds two signatures with a comma between, the new one first. Accept either.',
    request: { params: Id },
    responses: {
      200: { description: 'The webhook, with its new secret this once', ...json(one(SubscriptionWithSecret)) },
      ...failures(400, 401, 404),
    },
  },
  {
    method: 'post',
    path: '/webhooks/{id}/test',
    tags: ['Webhooks'],
    summary: 'Send a test event now',
    description:
      'Once, with `event_type: "test"`, signed as any other, be the webhook enabled or not. Stands in no list of deliveries.',
    request: { params: Id },
    responses: { 200: { description: 'What came of it', ...json(one(SubscriptionTest)) }, ...failures(400, 401, 404) },
  },
];
