import type { TenantId } from '../../core/ids.js';
import type { CallHours } from '../call-window.js';
import type { RetryPolicy } from '../retry-policy.js';

/** What holds for a tenant's tasks unless they say otherwise. Absent: called at any time, never again. */
export type OutboundPolicy = { hours: CallHours | undefined; retry: RetryPolicy | undefined };

export interface OutboundPolicyRepository {
  find(tenant: TenantId): Promise<OutboundPolicy | undefined>;
  /** Puts this in place of what there was. */
  put(tenant: TenantId, policy: OutboundPolicy, nowMs: number): Promise<void>;
}
