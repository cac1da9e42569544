import type { TenantId } from '../../core/ids.js';
import type { DeliveryAttempt, DeliveryState, WebhookDelivery, WebhookEvent } from '../webhook.js';
import type { Listed, Page } from './repositories.js';

export type NewDelivery = Pick<WebhookDelivery, 'id' | 'url' | 'body'> & { subscriptionId?: string | undefined };
export type DeliveryFilter = { state?: DeliveryState | undefined; subscriptionId?: string | undefined };

/**
 * What happened and who is still to be told. Events appear by themselves, in the transaction that changes a call; all else is
 * the deliverer's work.
 */
export interface WebhookOutbox {
  /** Events whose addresses have not been looked up yet, oldest first. */
  undispatched(limit: number): Promise<WebhookEvent[]>;
  /** Makes one delivery per address, and none again for this event. */
  dispatch(event: WebhookEvent, deliveries: readonly NewDelivery[], nowMs: number): Promise<void>;
  /** Deliveries whose time has come, the longest overdue first, of each address no more than `perUrl`. */
  due(nowMs: number, limits: { perUrl: number; total: number }): Promise<WebhookDelivery[]>;
  /** Notes what came of an attempt, and what follows from it. */
  record(
    id: string,
    attempt: DeliveryAttempt,
    next: { state: 'delivered' | 'dead' } | { state: 'pending'; atMs: number },
  ): Promise<void>;
  /** Forgets events of before `beforeMs` whose deliveries were made. */
  prune(beforeMs: number): Promise<void>;
  /** The secret that signs an organisation's deliveries; made at the first call. */
  secretOf(tenant: TenantId): Promise<string>;

  list(tenant: TenantId, filter: DeliveryFilter, page: Page): Promise<Listed<WebhookDelivery>>;
  /** Undefined for a delivery that does not exist. */
  attempts(tenant: TenantId, id: string): Promise<{ delivery: WebhookDelivery; attempts: DeliveryAttempt[] } | undefined>;
  /** Makes a dead delivery pending again. False when there is none of this id. */
  replay(tenant: TenantId, id: string, nowMs: number): Promise<boolean>;
}
