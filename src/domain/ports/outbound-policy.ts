import type { ApiKeyId, TenantId } from '../../core/ids.js';
import type { CallHours } from '../call-window.js';
import type { RetryPolicy } from '../retry-policy.js';
import type { TollLimits } from './toll-guard.js';

/** What holds for a tenant's tasks unless they say otherwise. Absent: called at any time, never again. */
export type OutboundPolicy = {
  hours: CallHours | undefined;
  retry: RetryPolicy | undefined;
  /** Hold beside the server's, for every call and transfer, of tasks or not. */
  limits?: TollLimits | undefined;
};

/** One that stands on the account of its tenant, and of the key that asked for it. */
export type Placed = { tenantId: TenantId; apiKeyId: ApiKeyId | undefined; startedAtMs: number };

export interface OutboundPolicyRepository {
  find(tenant: TenantId): Promise<OutboundPolicy | undefined>;
  /** Puts this in place of what there was. */
  put(tenant: TenantId, policy: OutboundPolicy, nowMs: number): Promise<void>;
  /** Of all tenants that have some. */
  limits(): Promise<{ tenantId: TenantId; limits: TollLimits }[]>;
  /** Calls of ours and texts that began after `sinceMs`, of all tenants, the oldest first. */
  placedSince(sinceMs: number): Promise<Placed[]>;
}
