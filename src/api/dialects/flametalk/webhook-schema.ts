import { z } from 'zod';
import { DELIVERY_STATES, WEBHOOK_EVENT_TYPES } from '../../../domain/webhook.js';
import { orNull, PAGE, Time, text } from './fields.js';

const FIELDS = {
  url: z
    .url({ protocol: /^https$/, error: 'must be an https:// URL' })
    .max(2048)
    .meta({ example: 'https://your-app.com/webhooks' }),
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
  description: orNull(text(1000)),
  enabled: z.boolean().meta({ description: 'While false, nothing new is sent.' }),
};

export const WebhookCreate = z
  .strictObject({
    url: FIELDS.url,
    events: FIELDS.events.default([...WEBHOOK_EVENT_TYPES]),
    description: FIELDS.description.optional(),
    enabled: FIELDS.enabled.default(true),
  })
  .meta({ id: 'FlametalkWebhookCreate' });

export const WebhookPatchBody = z
  .strictObject(FIELDS)
  .partial()
  .meta({ id: 'FlametalkWebhookPatch', description: 'Only the fields that change.' });

export const WebhookResource = z
  .object({
    id: z.uuid(),
    url: FIELDS.url,
    events: z.array(z.enum(WEBHOOK_EVENT_TYPES)),
    description: orNull(z.string()),
    enabled: z.boolean(),
    previous_secret_until: orNull(Time).meta({ description: 'Until then the secret before the last rotation signs too.' }),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'FlametalkWebhook' });

export const WebhookWithSecret = WebhookResource.extend({
  secret: z.string().meta({ description: 'Shown this once.', example: 'whsec_…' }),
}).meta({ id: 'FlametalkWebhookWithSecret' });

export const WebhookTested = z
  .object({
    event_id: z.uuid(),
    delivered: z.boolean(),
    status_code: orNull(z.number().int()).meta({ example: 204 }),
    error: orNull(z.string()).meta({ example: null }),
    duration_ms: z.number(),
  })
  .meta({ id: 'FlametalkWebhookTest' });

export const DeliveriesQuery = z.object({
  status: z.enum(DELIVERY_STATES).optional().meta({ description: 'Filter by status; `dead` is what was given up.' }),
  ...PAGE,
});

export const DeliveryResource = z
  .object({
    id: z.uuid(),
    webhook_id: z.uuid(),
    event_id: z.string(),
    event_type: z.enum(WEBHOOK_EVENT_TYPES),
    call_id: orNull(z.uuid()),
    url: z.string().meta({ example: 'https://your-app.com/webhooks' }),
    status: z.enum(DELIVERY_STATES),
    attempts: z.number().int(),
    next_attempt_at: orNull(Time).meta({ description: 'Of a pending delivery.' }),
    created_at: Time,
  })
  .meta({ id: 'FlametalkDelivery' });

export const DeliveryDetail = DeliveryResource.extend({
  payload: z.record(z.string(), z.unknown()).meta({ example: { event_type: 'call_completed' } }),
  log: z.array(
    z.object({
      at: Time,
      duration_ms: z.number(),
      status_code: orNull(z.number().int()).meta({ example: 204 }),
      error: orNull(z.string()),
    }),
  ),
}).meta({ id: 'FlametalkDeliveryDetail' });
