import { z } from 'zod';
import type { DeliveryAttempt, WebhookDelivery } from '../../../domain/webhook.js';
import { DELIVERY_STATES, WEBHOOK_EVENT_TYPES } from '../../../domain/webhook.js';

const time = z.iso.datetime();

export const DeliveryResource = z
  .object({
    id: z.uuid(),
    event_id: z.string().meta({ description: 'Sent as X-Offhook-Event-Id: the same for every attempt and every receiver.' }),
    event_type: z.enum(WEBHOOK_EVENT_TYPES),
    call_id: z.uuid().nullable().meta({ description: 'The call that the event is about.' }),
    text_id: z.uuid().nullable().meta({ description: 'The text that the event is about.' }),
    url: z.string().meta({ example: 'https://your-app.example/hook' }),
    subscription_id: z
      .uuid()
      .nullable()
      .meta({ description: 'The webhook it is for; null when a task or the configuration named the address.' }),
    state: z.enum(DELIVERY_STATES),
    attempts: z.number().int(),
    next_attempt_at: time.nullable().meta({ description: 'Of a pending delivery.' }),
    created_at: time,
  })
  .meta({ id: 'WebhookDelivery' });

export const DeliveryDetail = DeliveryResource.extend({
  payload: z.record(z.string(), z.unknown()).meta({ example: { event_type: 'call_completed' } }),
  log: z.array(
    z.object({
      at: time,
      duration_ms: z.number(),
      status_code: z.number().int().nullable().meta({ example: 204 }),
      error: z.string().nullable(),
    }),
  ),
}).meta({ id: 'WebhookDeliveryDetail' });

export const SecretResource = z
  .object({ secret: z.string(), algorithm: z.literal('hmac-sha256'), signed: z.literal('<X-Offhook-Timestamp>.<body>') })
  .meta({ id: 'WebhookSecret' });

const isoTime = (ms: number): string => new Date(ms).toISOString();

export const presentDelivery = (delivery: WebhookDelivery): z.input<typeof DeliveryResource> => ({
  id: delivery.id,
  event_id: delivery.eventId,
  event_type: delivery.eventType,
  call_id: delivery.callId ?? null,
  text_id: delivery.textId ?? null,
  url: delivery.url,
  subscription_id: delivery.subscriptionId ?? null,
  state: delivery.state,
  attempts: delivery.attempts,
  next_attempt_at: delivery.state === 'pending' ? isoTime(delivery.nextAttemptAtMs) : null,
  created_at: isoTime(delivery.createdAtMs),
});

export const presentDeliveryDetail = (
  delivery: WebhookDelivery,
  attempts: readonly DeliveryAttempt[],
): z.input<typeof DeliveryDetail> => ({
  ...presentDelivery(delivery),
  payload: JSON.parse(delivery.body) as Record<string, unknown>,
  log: attempts.map(({ atMs, durationMs, statusCode, error }) => ({
    at: isoTime(atMs),
    duration_ms: Math.round(durationMs),
    status_code: statusCode ?? null,
    error: error ?? null,
  })),
});
