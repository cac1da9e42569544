import type { z } from 'zod';
import type { RegisteredWebhook, WebhookPatch, WebhookTest } from '../../../domain/webhook-subscription.js';
import type { WebhookDraft } from '../../../subscriptions/subscription-service.js';
import type {
  SubscriptionCreate,
  SubscriptionPatch,
  SubscriptionResource,
  SubscriptionTest,
  SubscriptionWithSecret,
} from './subscription-schema.js';

export const toDraft = ({ url, events, description, enabled }: z.output<typeof SubscriptionCreate>): WebhookDraft => ({
  url,
  events,
  description: description ?? undefined,
  enabled,
});

/** Fields that were not sent are absent. */
export const toPatch = (body: z.output<typeof SubscriptionPatch>): WebhookPatch => ({
  ...(body.url === undefined ? {} : { url: body.url }),
  ...(body.events === undefined ? {} : { events: body.events }),
  ...(body.description === undefined ? {} : { description: body.description ?? undefined }),
  ...(body.enabled === undefined ? {} : { enabled: body.enabled }),
});

const isoTime = (ms: number): string => new Date(ms).toISOString();

export const presentSubscription = (webhook: RegisteredWebhook, nowMs: number): z.input<typeof SubscriptionResource> => ({
  id: webhook.id,
  url: webhook.url,
  events: [...webhook.events],
  description: webhook.description ?? null,
  enabled: webhook.enabled,
  previous_secret_until: webhook.previous && webhook.previous.untilMs > nowMs ? isoTime(webhook.previous.untilMs) : null,
  created_at: isoTime(webhook.createdAtMs),
  updated_at: isoTime(webhook.updatedAtMs),
});

export const presentWithSecret = (webhook: RegisteredWebhook, nowMs: number): z.input<typeof SubscriptionWithSecret> => ({
  ...presentSubscription(webhook, nowMs),
  secret: webhook.secret,
});

export const presentTest = ({ eventId, statusCode, error, durationMs }: WebhookTest): z.input<typeof SubscriptionTest> => ({
  event_id: eventId,
  delivered: error === undefined,
  status_code: statusCode ?? null,
  error: error ?? null,
  duration_ms: Math.round(durationMs),
});
