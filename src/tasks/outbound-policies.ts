import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import type { OutboundPolicy, OutboundPolicyRepository } from '../domain/ports/outbound-policy.js';

/** What holds for the tasks of each tenant: what it has set itself, and for the rest what the server's configuration says. */
export class OutboundPolicies {
  readonly #deps: { stored: OutboundPolicyRepository; common: OutboundPolicy; clock: Clock };

  constructor(deps: { stored: OutboundPolicyRepository; common: OutboundPolicy; clock: Clock }) {
    this.#deps = deps;
  }

  async of(tenant: TenantId): Promise<OutboundPolicy> {
    const { stored, common } = this.#deps;
    const own = await stored.find(tenant);
    return { hours: own?.hours ?? common.hours, retry: own?.retry ?? common.retry };
  }

  /** Undefined goes back to what the configuration says. Returns what holds then. */
  async set(tenant: TenantId, policy: OutboundPolicy): Promise<OutboundPolicy> {
    await this.#deps.stored.put(tenant, policy, this.#deps.clock.nowMs());
    return this.of(tenant);
  }
}
