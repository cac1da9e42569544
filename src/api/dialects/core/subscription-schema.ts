import { z } from 'zod';
import { WEBHOOK_EVENT_TYPES } from '../../../domain/webhook.js';
import { PAGE } from './query-schema.js';
import { WebhookUrl } from './task-schema.js';
import { text } from './text-schema.js';

const FIELDS = {
  url: WebhookUrl,
  events: z
    .array(z.enum(WEBHOOK_EVENT_TYPES))
    .min(1)
    .max(20)
    .transform((events) => [...new Set(events)])
    .meta({
      description: 'What it is told of.',
      type: 'array',
      items: { type: 'string', enum: [...WEBHOOK_EVENT_TYPES] },
      example: ['call_completed', 'call_failed'],
    }),
  description: text(1000).nullable(),
  enabled: z.boolean().meta({ description: 'While false, nothing new is sent; what is being retried goes on.' }),
};

export const SubscriptionCreate = z
  .strictObject({
    url: FIELDS.url,
    events: FIELDS.events.default([...WEBHOOK_EVENT_TYPES]),
    description: FIELDS.description.optional(),
    enabled: FIELDS.enabled.default(true),
  })
  .meta({ id: 'WebhookCreate' });

export const SubscriptionPatch = z
  .strictObject(FIELDS)
  .partial()
  .meta({ id: 'WebhookPatch', description: 'Only the fields that change. What is being retried keeps the URL it was made for.' });

export const SubscriptionsQuery = z.object(PAGE);

export const SubscriptionResource = z
  .object({
    id: z.uuid(),
    url: FIELDS.url,
    events: z.array(z.enum(WEBHOOK_EVENT_TYPES)),
    description: z.string().nullable(),
    enabled: z.boolean(),
    previous_secret_until: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'Until then the secret before the last rotation signs too.' }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });

export const SubscriptionWithSecret = SubscriptionResource.extend({
  secret: z.string().meta({ description: 'Shown this once.', example: 'whsec_…' }),
}).meta({ id: 'WebhookWithSecret' });

export const SubscriptionTest = z
  .object({
    event_id: z.uuid(),
    delivered: z.boolean(),
    status_code: z.number().int().nullable().meta({ example: 204 }),
    error: z.string().nullable().meta({ example: null }),
    duration_ms: z.number(),
  })
  .meta({ id: 'WebhookTest' });
