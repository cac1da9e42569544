import type { TenantId } from '../../core/ids.js';
import type { RouteRule } from '../route.js';
import type { TrunkRef } from '../trunk.js';

/** What routes can tell calls and texts apart by. */
export type ToRoute = {
  /** Absent when it came over none. */
  trunk: TrunkRef | undefined;
  /** Somebody of ours calls, from a phone: routes that do not say who is called are not for them. */
  fromPhone: boolean;
  /** Who was called, in every form in which it may be named: as it came, and in E.164. */
  called: readonly string[];
  callers: readonly string[];
  anonymous: boolean;
  header(name: string): string | undefined;
};

export interface InboundRoutes {
  /** The first rule that fits: of the tenant's own, then of `others` in their order. Undefined: none does. */
  find(tenant: TenantId, call: ToRoute, others: readonly RouteRule[]): Promise<RouteRule | undefined>;
}
