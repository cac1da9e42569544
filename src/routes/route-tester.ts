import type { z } from 'zod';
import type { Target } from '../calls/inbound-route.js';
import { InboundRouter, type InboundRouterDeps } from '../calls/inbound-router.js';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { TenantId, TrunkId } from '../core/ids.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { RouteRepository } from '../domain/ports/route-repository.js';
import type { SipParty } from '../domain/ports/telephony.js';
import type { TrunkRepository } from '../domain/ports/trunk-repository.js';
import type { Route } from '../domain/route.js';
import { arrivalOver } from '../trunks/inbound-match.js';
import type { RouteTestCall, RouteTestResult } from './route-input.js';
import { mismatchOf, type RouteCriterion } from './route-match.js';
import { presentTarget } from './route-translation.js';

export type RouteTesterDeps = Omit<InboundRouterDeps, 'routes'> & {
  store: Pick<RouteRepository, 'enabledOf'>;
  trunks: Pick<TrunkRepository, 'find' | 'findByName'>;
  clock: Clock;
};

type Considered = { route: Route; mismatch: RouteCriterion | undefined };

/** Says where a call would go: what decides is what decides for calls. */
export class RouteTester {
  readonly #deps: RouteTesterDeps;

  constructor(deps: RouteTesterDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `trunk_not_found` */
  async test(tenant: TenantId, call: RouteTestCall): Promise<z.input<typeof RouteTestResult>> {
    const atMs = call.at === undefined ? this.#deps.clock.nowMs() : Date.parse(call.at);
    const considered: Considered[] = [];
    const router = new InboundRouter({
      ...this.#deps,
      routes: {
        find: async (_tenant, asked, others) => {
          for (const route of await this.#deps.store.enabledOf(tenant)) {
            const mismatch = mismatchOf(route.match, asked, atMs);
            considered.push({ route, mismatch });
            if (mismatch === undefined) return route;
          }
          return others.find(({ match }) => mismatchOf(match, asked, atMs) === undefined);
        },
      },
    });
    const asked = inviteOf(call);
    const arrival = await this.#arrivalOf(tenant, call.trunk, asked);
    const { by, rule, target, variables } = await router.decide(asked, arrival);
    const decisive = considered.find(({ mismatch }) => mismatch === undefined)?.route;
    return {
      decided_by: by,
      route: decisive ? { id: decisive.id, name: decisive.name } : null,
      target: rule ? presentTarget(rule.target) : null,
      agent: target ? presentAgent(target) : null,
      variables: { ...variables },
      considered: considered.map(({ route: { id, name }, mismatch }) => ({ id, name, mismatch: mismatch ?? null })),
    };
  }

  /** Without a trunk it is the tenant's own all the same: nobody learns of other tenants' agents. */
  async #arrivalOf(tenantId: TenantId, ref: string | null, asked: ReturnType<typeof inviteOf>): Promise<Arrival> {
    const { trunks } = this.#deps;
    if (ref === null) {
      const { requestUser: user } = asked;
      return { tenantId, trunk: undefined, wanted: [user], callerNumber: undefined, maxConcurrentCalls: undefined, terms: {} };
    }
    const trunk = (await trunks.find(tenantId, ref.toLowerCase() as TrunkId)) ?? (await trunks.findByName(tenantId, ref));
    if (!trunk) throw new AppError('trunk_not_found', `no trunk ${ref}`);
    return arrivalOver(trunk, asked);
  }
}

function inviteOf({ called, caller, headers }: RouteTestCall) {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    requestUser: called,
    to: partyOf(called),
    from: partyOf(caller),
    source: { address: '', port: 0, transport: 'udp' },
    header: (name: string) => values.get(name.toLowerCase()),
  };
}

const partyOf = (user: string): SipParty => ({ uri: `sip:${user}@localhost`, user, displayName: undefined });

function presentAgent(target: Target): { id: string | null; name: string } | null {
  if (target.kind === 'agent') return { id: target.agentId ?? null, name: target.settings.name };
  return target.kind === 'echo' || target.kind === 'tone' ? { id: null, name: target.kind } : null;
}
