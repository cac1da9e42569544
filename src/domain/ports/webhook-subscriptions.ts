import type { TenantId } from '../../core/ids.js';
import type { WebhookEventType } from '../webhook.js';
import type { RegisteredWebhook, WebhookPatch } from '../webhook-subscription.js';
import type { Listed, Page } from './repositories.js';

/** Each method is one transaction. */
export interface WebhookRegistry {
  /** @throws AppError `conflict` when the organisation has one of this URL, or `max` already. */
  insert(webhook: RegisteredWebhook, max: number): Promise<void>;
  find(tenant: TenantId, id: string): Promise<RegisteredWebhook | undefined>;
  list(tenant: TenantId, page: Page): Promise<Listed<RegisteredWebhook>>;
  /** Undefined when there is no such webhook. @throws AppError `conflict` when another one has the URL. */
  patch(tenant: TenantId, id: string, patch: WebhookPatch, nowMs: number): Promise<RegisteredWebhook | undefined>;
  /** The secret there was becomes the previous one, in place of any that was. Undefined when there is no such webhook. */
  rotate(
    tenant: TenantId,
    id: string,
    by: { secret: string; previousUntilMs: number },
    nowMs: number,
  ): Promise<RegisteredWebhook | undefined>;
  /** With its deliveries and their log. False when there is no such webhook. */
  delete(tenant: TenantId, id: string): Promise<boolean>;
  /** Those that are enabled and ask for this. */
  askingFor(tenant: TenantId, event: WebhookEventType): Promise<RegisteredWebhook[]>;
  /** What signs for it now, the newest first; none when it was deleted. */
  secretsOf(id: string, nowMs: number): Promise<string[]>;
}
