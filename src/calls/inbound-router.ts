import { DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import { type Variables, variablesFrom } from '../domain/header-variables.js';
import { numberOfUri } from '../domain/phone-number.js';
import type { InboundRoutes, ToRoute } from '../domain/ports/inbound-routes.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { IncomingInvite } from '../domain/ports/telephony.js';
import type { RouteRule } from '../domain/route.js';
import { type AgentLookup, isBuiltIn, routeInbound, type Target } from './inbound-route.js';
import { personalSettings } from './personal-settings.js';

export type InboundRouterDeps = AgentLookup & { routes: InboundRoutes };

export type Asked = Pick<IncomingInvite, 'requestUser' | 'from' | 'header'>;

export type Decision = {
  /** A route of the tenant, a rule of the trunk, the user that was called alone, or nothing at all. */
  by: 'route' | 'trunk' | 'user' | 'nobody';
  rule: RouteRule | undefined;
  /** Undefined: there is nobody of that name. */
  target: Target | undefined;
  variables: Variables;
};

/** Where calls go that come in: by the tenant's routes, then by the rules of the trunk, then to the agent whose user was called. */
export class InboundRouter {
  readonly #deps: InboundRouterDeps;

  constructor(deps: InboundRouterDeps) {
    this.#deps = deps;
  }

  /** `arrival`: absent when it came over no trunk; then the routes of the default tenant hold. */
  async decide(asked: Asked, arrival: Arrival | undefined): Promise<Decision> {
    const tenant = arrival?.tenantId ?? DEFAULT_TENANT;
    const { rules = [], variables: read = [] } = arrival ?? {};
    const rule = await this.#deps.routes.find(tenant, toRoute(asked, arrival), rules);
    const variables = variablesFrom([...read, ...(rule?.variables ?? [])], (name) => asked.header(name));
    const target = rule ? await this.#targetOf(rule, tenant, arrival) : await this.#userOf(asked, arrival);
    const by = rule ? (rules.includes(rule) ? 'trunk' : 'route') : target ? 'user' : 'nobody';
    return { by, rule, target: target && withVariables(target, variables), variables };
  }

  async #targetOf({ target }: RouteRule, tenant: TenantId, arrival: Arrival | undefined): Promise<Target | undefined> {
    switch (target.type) {
      case 'agent':
        return this.#reachable(target.agent, tenant);
      case 'reject':
        return { kind: 'refusal', tenantId: tenant, status: target.status, headers: {} };
      case 'redirect':
        return { kind: 'refusal', tenantId: tenant, status: 302, headers: { Contact: `<${contactOf(target.to, arrival)}>` } };
      case 'announcement': {
        const voice = target.agent === undefined ? undefined : await this.#reachable(target.agent, tenant);
        const settings = voice?.kind === 'agent' ? voice.settings : this.#deps.demoAgent;
        return { kind: 'announcement', tenantId: tenant, settings: { ...settings, startingMessage: target.text } };
      }
    }
  }

  async #userOf({ requestUser }: Asked, arrival: Arrival | undefined): Promise<Target | undefined> {
    if (!arrival) return routeInbound(requestUser, this.#deps);
    for (const user of arrival.wanted) {
      const target = await this.#reachable(user, arrival.tenantId);
      if (target) return target;
    }
    return undefined;
  }

  /** An agent of the tenant's own, or a built-in one, which answers for any. */
  async #reachable(user: string, tenantId: TenantId): Promise<Target | undefined> {
    const target = await routeInbound(user, this.#deps);
    return target && (isBuiltIn(target) || target.tenantId === tenantId) ? { ...target, tenantId } : undefined;
  }
}

function toRoute(asked: Asked, arrival: Arrival | undefined): ToRoute {
  const { requestUser, from } = asked;
  const called = arrival ? [...arrival.wanted, ...(arrival.calledNumbers ?? [])] : [requestUser];
  const callers = [from.user, arrival ? arrival.callerNumber : numberOfUri(from.uri)];
  return {
    trunk: arrival?.trunk,
    called: called.filter((form) => form !== undefined),
    callers: callers.filter((form) => form !== undefined),
    anonymous: isAnonymous(from, asked.header('Privacy')),
    header: (name) => asked.header(name),
  };
}

/** Who hides: RFC 3323 sections 4.1 and 4.2, and what telephone networks make of it. */
const isAnonymous = ({ uri, user }: Asked['from'], privacy: string | undefined): boolean =>
  user === undefined ||
  /^anonymous$/i.test(user) ||
  /@anonymous\.invalid\b/i.test(uri) ||
  /\b(?:id|user|header)\b/i.test(privacy ?? '');

/** A number as the trunk that the call came over would be asked for it. */
const contactOf = (to: string, arrival: Arrival | undefined): string =>
  to.startsWith('+') ? (arrival?.numberUri?.(to) ?? `tel:${to}`) : to;

/** What the agent says and is told, with this call's variables in it. */
function withVariables(target: Target, variables: Variables): Target {
  const read = Object.keys(variables).length > 0 ? { variables } : {};
  if (target.kind !== 'agent' && target.kind !== 'announcement') return { ...target, ...read };
  const settings = personalSettings(target.settings, { contextData: variables });
  const personalGreeting = settings.startingMessage !== target.settings.startingMessage;
  return { ...target, ...read, settings, ...(personalGreeting && { personalGreeting }) };
}
