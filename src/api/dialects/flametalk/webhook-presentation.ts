import type { z } from 'zod';
import type { DeliveryAttempt, WebhookDelivery } from '../../../domain/webhook.js';
import type { RegisteredWebhook, WebhookTest } from '../../../domain/webhook-subscription.js';
import { isoTime } from './fields.js';
import type { DeliveryDetail, DeliveryResource, WebhookResource, WebhookTested, WebhookWithSecret } from './webhook-schema.js';

export const presentWebhook = (webhook: RegisteredWebhook, nowMs: number): z.input<typeof WebhookResource> => ({
  id: webhook.id,
  url: webhook.url,
  events: [...webhook.events],
  description: webhook.description ?? null,
  enabled: webhook.enabled,
  previous_secret_until: webhook.previous && webhook.previous.untilMs > nowMs ? isoTime(webhook.previous.untilMs) : null,
  created_at: isoTime(webhook.createdAtMs),
  updated_at: isoTime(webhook.updatedAtMs),
});

export const presentWithSecret = (webhook: RegisteredWebhook, nowMs: number): z.input<typeof WebhookWithSecret> => ({
  ...presentWebhook(webhook, nowMs),
  secret: webhook.secret,
});

export const presentTest = ({ eventId, statusCode, error, durationMs }: WebhookTest): z.input<typeof WebhookTested> => ({
  event_id: eventId,
  delivered: error === undefined,
  status_code: statusCode ?? null,
  error: error ?? null,
  duration_ms: Math.round(durationMs),
});

/** Of a webhook: where the address stands in a task or the configuration there is none. */
export const presentDelivery = (delivery: WebhookDelivery): z.input<typeof DeliveryResource> => ({
  id: delivery.id,
  webhook_id: delivery.subscriptionId ?? '',
  event_id: delivery.eventId,
  event_type: delivery.eventType,
  call_id: delivery.callId ?? null,
  url: delivery.url,
  status: delivery.state,
  attempts: delivery.attempts,
  next_attempt_at: delivery.state === 'pending' ? isoTime(delivery.nextAttemptAtMs) : null,
  created_at: isoTime(delivery.createdAtMs),
});

export const presentDetail = (
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
