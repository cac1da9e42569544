import { AppError } from '../core/errors.js';
import type { TenantId, TrunkId } from '../core/ids.js';
import { allowedHostOf } from '../domain/allowed-hosts.js';
import { hostOfUri, partyOf } from '../domain/party.js';
import { isE164 } from '../domain/phone-number.js';
import type { OutboundRoute, Placing, Way } from '../domain/ports/outbound-route.js';
import type { PhoneDirectory } from '../domain/ports/phone-directory.js';
import type { Charge, TollGuard } from '../domain/ports/toll-guard.js';
import type { Trunk } from '../domain/trunk.js';
import type { ActiveTrunks, OutboundTrunk } from './active-trunks.js';
import { readNumber } from './number-format.js';
import { trunksFor } from './trunk-choice.js';
import { type TrunkCall, trunkCall, trunkUri } from './trunk-dialling.js';

export type TrunkRouteOptions = {
  trunks: Pick<ActiveTrunks, 'outboundOf'>;
  /** Takes what no trunk takes, and goes last. */
  gateway: OutboundRoute | undefined;
  guard: Pick<TollGuard, 'check'>;
  /** Hosts whose SIP URIs may be called without a trunk. */
  allowedHosts: readonly string[];
  /** Who is reached by `sip:user@` this server. */
  phones: PhoneDirectory;
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

  waysTo(tenant: TenantId, number: string, placing?: Placing): readonly Way[] {
    const { trunks, gateway, guard, phones, random } = this.#options;
    const shown = placing?.agent?.line?.number;
    const user = phones.localUser(number);
    if (user !== undefined) return [this.#wayToPhone(tenant, user, number)];
    guard.check(tenant, number, placing);
    const all = trunks.outboundOf(tenant);
    const taking = trunksFor(all, number, random);
    const ways = taking
      .filter(({ up }) => up)
      .map((trunk) => this.#wayOver(trunk, trunkCall(trunk.trunk, number, trunk.credentials, shown), placing));
    if (gateway) return [...ways, ...gateway.waysTo(tenant, number, placing)];
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

  /** At a trunk's host what is a number goes the way of numbers, under their guard. */
  waysToUri(tenant: TenantId, uri: string, charge?: Charge): readonly Way[] {
    const user = this.#options.phones.localUser(uri);
    if (user !== undefined) return [this.#wayToPhone(tenant, user, uri)];
    const host = hostOfUri(uri);
    const at = this.#options.trunks.outboundOf(tenant).filter(({ trunk }) => trunk.host.toLowerCase() === host);
    const number = numberAt(at, uri);
    if (number !== undefined) return this.waysTo(tenant, number, charge);
    const ways = at
      .filter(({ up }) => up)
      .map((trunk) => this.#wayOver(trunk, trunkUri(trunk.trunk, uri, trunk.credentials), charge));
    if (ways.length > 0) return ways;
    const allowed = allowedHostOf(uri, this.#options.allowedHosts);
    return [{ uri, from: undefined, line: { key: `host ${allowed}` } }];
  }

  #wayToPhone(tenant: TenantId, user: string, uri: string): Way {
    const targets = this.#options.phones.resolve(tenant, user);
    if (!targets) throw new AppError('not_found', 'no phone of this user name', { publicMessage: 'No phone has this user name' });
    return { uri, from: undefined, line: { key: `phone ${user}` }, targets };
  }

  #wayOver({ trunk, contacts }: OutboundTrunk, call: TrunkCall, charge: Charge | undefined): Way {
    const { id, name, callsPerSecond, maxConcurrentCalls, failoverCodes, redirects } = trunk;
    const maxConcurrent =
      maxConcurrentCalls === undefined ? undefined : Math.max(0, maxConcurrentCalls - this.#options.callsIn(id));
    return {
      ...call,
      targets: contacts?.map((contact) => ({ ...contact, uri: calledAt(contact.uri, call.uri) })),
      line: { key: `trunk ${id}`, callsPerSecond, maxConcurrent },
      trunk: { id, name },
      failoverCodes,
      redirects,
      mayCall: (uri) => this.#mayCall(uri, trunk, { ...charge, counted: true }),
    };
  }

  /** A redirection must not reach numbers that nobody could dial here; extensions and names are somebody's desk. */
  #mayCall(uri: string, trunk: Trunk, charge: Charge): boolean {
    const user = decoded(/^sips?:([^@;:]+)/i.exec(uri)?.[1] ?? '');
    if (!/^\+?[\d\s().*#-]+$/.test(user) || EXTENSION.test(user)) return true;
    const number = readNumber(user, trunk.numbers);
    if (!isE164(number)) return false;
    try {
      this.#options.guard.check(trunk.tenantId, number, charge);
      return true;
    } catch {
      return false;
    }
  }
}

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Of a PBX: what is longer, or begins with a zero, is a number outside. */
const EXTENSION = /^[1-9]\d{0,5}$/;

/** The number that a URI at a trunk's host names. @throws AppError `forbidden` for digits that nobody can read as one. */
function numberAt(at: readonly OutboundTrunk[], uri: string): string | undefined {
  const digits = partyOf(uri);
  const international = /^sips?:\+/i.test(uri);
  if (at.length === 0 || !/^\d+$/.test(digits)) return undefined;
  if (!international && EXTENSION.test(digits)) return undefined;
  const user = international ? `+${digits}` : digits;
  const number = at.map(({ trunk }) => readNumber(user, trunk.numbers)).find((read) => isE164(read));
  // Nobody can say whether it may be called.
  if (number === undefined) allowedHostOf(uri, []);
  return number;
}

/** The number at the address of the contact: PBXs that register as a trunk look for it in the Request-URI. */
function calledAt(contact: string, called: string): string {
  const user = /^sips?:([^@]+)@/i.exec(called)?.[1] ?? '';
  return contact.replace(/^(sips?:)(?:[^@]*@)?/i, (_, scheme: string) => `${scheme}${user}@`);
}
