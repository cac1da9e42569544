import type { TenantId } from '../core/ids.js';
import type { WebhookEventType } from './webhook.js';

/** Who is told of what, as an organisation set it up itself; of one URL it has one at most. */
export type RegisteredWebhook = {
  id: string;
  tenantId: TenantId;
  url: string;
  events: readonly WebhookEventType[];
  description: string | undefined;
  /** While it is not, nothing is put on its list; what is on it already still goes out. */
  enabled: boolean;
  secret: string;
  /** The secret before the last rotation: until then it signs beside the new one. */
  previous: { secret: string; untilMs: number } | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** Fields that are present replace, even when undefined. */
export type WebhookPatch = Partial<Pick<RegisteredWebhook, 'url' | 'events' | 'description' | 'enabled'>>;

/** What became of a test event. `error` is absent when it was taken. */
export type WebhookTest = { eventId: string; statusCode: number | undefined; error: string | undefined; durationMs: number };
