import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import type { OutboundPolicy, OutboundPolicyRepository } from '../domain/ports/outbound-policy.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';

type OutboundPoliciesDeps = {
  stored: OutboundPolicyRepository;
  /** Without limits: those of the server hold beside a tenant's, and are not shown to it. */
  common: Omit<OutboundPolicy, 'limits'>;
  clock: Clock;
  /** A tenant has other limits now. */
  onLimits?: ((tenant: TenantId, limits: TollLimits | undefined) => void) | undefined;
};

/** What holds for the tasks of each tenant: what it has set itself, and for the rest what the server's configuration says. */
export class OutboundPolicies {
  readonly #deps: OutboundPoliciesDeps;

  constructor(deps: OutboundPoliciesDeps) {
    this.#deps = deps;
  }

  async of(tenant: TenantId): Promise<OutboundPolicy> {
    const { stored, common } = this.#deps;
    const own = await stored.find(tenant);
    return { hours: own?.hours ?? common.hours, retry: own?.retry ?? common.retry, limits: own?.limits };
  }

  /** Undefined goes back to what the configuration says. Returns what holds then. */
  async set(tenant: TenantId, policy: OutboundPolicy): Promise<OutboundPolicy> {
    await this.#deps.stored.put(tenant, policy, this.#deps.clock.nowMs());
    this.#deps.onLimits?.(tenant, policy.limits);
    return this.of(tenant);
  }
}
