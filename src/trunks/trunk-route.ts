import { AppError } from '../core/errors.js';
import type { TenantId, TrunkId } from '../core/ids.js';
import type { OutboundRoute, Way } from '../domain/ports/outbound-route.js';
import type { ActiveTrunks, OutboundTrunk } from './active-trunks.js';
import { trunksFor } from './trunk-choice.js';
import { trunkCall } from './trunk-dialling.js';

export type TrunkRouteOptions = {
  trunks: Pick<ActiveTrunks, 'outboundOf'>;
  /** Takes what no trunk takes, and goes last. */
  gateway: OutboundRoute | undefined;
  allowedPrefixes: readonly string[];
  /** Calls that came in over a trunk and last: they take places of those that go out. */
  callsIn: (trunk: TrunkId) => number;
  random: () => number;
};

/** The ways over a tenant's trunks: those that work, in the order of their rules. */
export class TrunkRoute implements OutboundRoute {
  readonly #options: TrunkRouteOptions;

  constructor(options: TrunkRouteOptions) {
    this.#options = options;
  }

  waysTo(tenant: TenantId, number: string): readonly Way[] {
    const { trunks, gateway, allowedPrefixes, random } = this.#options;
    if (!allowedPrefixes.some((prefix) => number.startsWith(prefix))) {
      throw new AppError('forbidden', 'number outside the allowed prefixes', {
        publicMessage: 'This server may not call this number (outbound.allowedPrefixes)',
      });
    }
    const all = trunks.outboundOf(tenant);
    const taking = trunksFor(all, number, random);
    const ways = taking.filter(({ up }) => up).map((trunk) => this.#wayOver(trunk, number));
    if (gateway) return [...ways, ...gateway.waysTo(tenant, number)];
    if (ways.length > 0) return ways;
    if (taking.length > 0) {
      throw new AppError('signalling_unavailable', 'every trunk for this number is down', {
        publicMessage: 'Every trunk for this number is down',
      });
    }
    if (all.every(({ trunk }) => trunk.outbound.length === 0)) {
      throw new AppError('outbound_not_configured', 'no trunk or gateway for outbound calls');
    }
    throw new AppError('forbidden', 'no trunk takes this number', { publicMessage: 'No trunk takes this number' });
  }

  #wayOver({ trunk, credentials }: OutboundTrunk, number: string): Way {
    const { id, name, callsPerSecond, maxConcurrentCalls, failoverCodes } = trunk;
    const maxConcurrent =
      maxConcurrentCalls === undefined ? undefined : Math.max(0, maxConcurrentCalls - this.#options.callsIn(id));
    return {
      ...trunkCall(trunk, number, credentials),
      line: { key: `trunk ${id}`, callsPerSecond, maxConcurrent },
      trunk: { id, name },
      failoverCodes,
    };
  }
}
