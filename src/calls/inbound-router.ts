import { DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import { type Variables, variablesFrom } from '../domain/header-variables.js';
import { isE164, numberOfUri } from '../domain/phone-number.js';
import type { InboundRoutes, ToRoute } from '../domain/ports/inbound-routes.js';
import type { Arrival } from '../domain/ports/inbound-trunks.js';
import type { PhoneNames } from '../domain/ports/phone-directory.js';
import type { IncomingInvite } from '../domain/ports/telephony.js';
import type { DirectTarget, RouteRule } from '../domain/route.js';
import {
  type AgentLookup,
  type AnsweringTarget,
  agentTarget,
  isBuiltIn,
  type RefusalTarget,
  routeInbound,
  type Target,
} from './inbound-route.js';

export type InboundRouterDeps = AgentLookup & {
  routes: InboundRoutes;
  /** Whom phones call by name or number. */
  phones: PhoneNames;
};

export type Asked = Pick<IncomingInvite, 'requestUser' | 'from' | 'header'>;

export type Decision = {
  /** A route of the tenant, a rule of the trunk, the user that was called alone, or nothing at all. */
  by: 'route' | 'trunk' | 'user' | 'nobody';
  rule: RouteRule | undefined;
  /** Undefined: there is nobody of that name. */
  target: Target | undefined;
  variables: Variables;
};

/** Where calls go that come in: by the tenant's routes, by the rules of the trunk, to the agent whose user was called, or to whom a phone dials. */
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
    const target = rule ? await this.#targetOf(rule, tenant, { asked, arrival }) : await this.#userOf(asked, arrival);
    const by = rule ? (rules.includes(rule) ? 'trunk' : 'route') : target ? 'user' : 'nobody';
    return { by, rule, target: target && withVariables(target, variables), variables };
  }

  async #targetOf({ target }: RouteRule, tenant: TenantId, { asked, arrival }: Came): Promise<Target | undefined> {
    if (target.type !== 'transfer') return this.#direct(target, tenant, arrival);
    const { to, ringTimeoutMs, otherwise } = target;
    return {
      ...callerOf(asked, arrival),
      tenantId: tenant,
      to,
      ringTimeoutMs,
      by: 'route',
      otherwise: otherwise && (await this.#direct(otherwise, tenant, arrival)),
    };
  }

  async #direct(target: DirectTarget, tenant: TenantId, arrival: Arrival | undefined): Promise<DirectlyReached | undefined> {
    switch (target.type) {
      case 'agent': {
        const reached = await this.#reachable(target.agent, tenant);
        return reached?.kind === 'agent' ? { ...reached, answersTexts: target.answersTexts } : reached;
      }
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

  async #userOf(asked: Asked, arrival: Arrival | undefined): Promise<Target | undefined> {
    if (!arrival) {
      const target = await routeInbound(asked.requestUser, this.#deps);
      return target ?? (await this.#onLine(DEFAULT_TENANT, [asked.requestUser ?? '']));
    }
    for (const user of arrival.wanted) {
      const target = await this.#reachable(user, arrival.tenantId);
      if (target) return target;
    }
    const target = await this.#onLine(arrival.tenantId, arrival.calledNumbers ?? []);
    return target ?? (arrival.phone && this.#dialled(asked, arrival, arrival.phone));
  }

  /** The agent that works on one of these numbers. */
  async #onLine(tenantId: TenantId, numbers: readonly string[]): Promise<AnsweringTarget | undefined> {
    for (const number of numbers.filter(isE164)) {
      const agent = await this.#deps.agents.findByNumber(tenantId, number);
      if (agent) return agentTarget(agent);
    }
    return undefined;
  }

  /** Other phones, and numbers outside, as far as the phone may call them. */
  #dialled(asked: Asked, arrival: Arrival, { mayCall }: NonNullable<Arrival['phone']>): Target | undefined {
    const { tenantId, wanted, calledNumbers = [] } = arrival;
    const names = [...wanted, ...calledNumbers].map((called) => this.#deps.phones.userOf(tenantId, called));
    const user = names.find((name) => name !== undefined);
    const to = user ?? calledNumbers[0];
    if (to === undefined) return undefined;
    const may = mayCall === 'anywhere' || (mayCall === 'phones' && user !== undefined);
    if (!may) return { kind: 'refusal', tenantId, status: 403, headers: {} };
    const target = { tenantId, to: [to], ringTimeoutMs: undefined, otherwise: undefined };
    return { ...callerOf(asked, arrival), ...target, by: 'far_end' };
  }

  /** An agent of the tenant's own, or a built-in one, which answers for any. */
  async #reachable(user: string, tenantId: TenantId): Promise<AnsweringTarget | undefined> {
    const target = await routeInbound(user, this.#deps);
    return target && (isBuiltIn(target) || target.tenantId === tenantId) ? { ...target, tenantId } : undefined;
  }
}

type Came = { asked: Asked; arrival: Arrival | undefined };
type DirectlyReached = AnsweringTarget | RefusalTarget;

/** What does not depend on whom a caller is put through to. */
function callerOf(asked: Asked, arrival: Arrival | undefined) {
  const { phone, calledNumbers = [] } = arrival ?? {};
  const called = arrival ? calledNumbers : [asked.requestUser ?? ''];
  const maxForwards = Number.parseInt(asked.header('Max-Forwards') ?? '', 10);
  return {
    kind: 'transfer' as const,
    loops: phone ? [phone.username] : called,
    caller: asked.from,
    called: asked.requestUser,
    maxForwards: Number.isNaN(maxForwards) ? undefined : maxForwards,
  };
}

function toRoute(asked: Asked, arrival: Arrival | undefined): ToRoute {
  const { requestUser, from } = asked;
  const called = arrival ? [...arrival.wanted, ...(arrival.calledNumbers ?? [])] : [requestUser];
  const callers = [from.user, arrival ? arrival.callerNumber : numberOfUri(from.uri)];
  return {
    trunk: arrival?.trunk,
    fromPhone: arrival?.phone !== undefined,
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

function withVariables<T extends Target>(target: T, variables: Variables): T;
function withVariables(target: Target, variables: Variables): Target {
  const read = Object.keys(variables).length > 0 ? { variables } : {};
  if (target.kind === 'transfer') {
    const { otherwise } = target;
    return { ...target, ...read, otherwise: otherwise && withVariables(otherwise, variables) };
  }
  return { ...target, ...read };
}
