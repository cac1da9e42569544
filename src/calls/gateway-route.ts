import { AppError } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import { allowedHostOf } from '../domain/allowed-hosts.js';
import type { Line, OutboundRoute, Placing, Way } from '../domain/ports/outbound-route.js';
import type { SipParty } from '../domain/ports/telephony.js';

export type GatewayOptions = {
  /** With `{number}` where the number goes. */
  gatewayUri?: string | undefined;
  from?: string | undefined;
  /** Hosts whose SIP URIs may be called; none when absent. */
  allowedHosts?: readonly string[] | undefined;
};

const GATEWAY: Line = { key: 'gateway' };

/** One gateway for all numbers; which of them may be called is the toll guard's to say. */
export class GatewayRoute implements OutboundRoute {
  readonly #options: GatewayOptions;
  readonly #from: SipParty | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#from = options.from === undefined ? undefined : partyOf(options.from);
  }

  waysTo(_tenant: TenantId, number: string, placing?: Placing): readonly Way[] {
    const { gatewayUri } = this.#options;
    if (gatewayUri === undefined) throw new AppError('outbound_not_configured', 'no gateway for outbound calls');
    return [
      { uri: gatewayUri.replaceAll('{number}', number), from: showing(this.#from, placing?.agent?.line?.number), line: GATEWAY },
    ];
  }

  waysToUri(_tenant: TenantId, uri: string): readonly Way[] {
    const host = allowedHostOf(uri, this.#options.allowedHosts ?? []);
    return [{ uri, from: this.#from, line: { key: `host ${host}` } }];
  }
}

/** The agent's number in place of ours. */
const showing = (from: SipParty | undefined, number: string | undefined): SipParty | undefined =>
  from && number !== undefined ? { ...from, uri: from.uri.replace(/^(sips?:)[^@]*@/i, `$1${number}@`), user: number } : from;

function partyOf(uri: string): SipParty {
  return { uri, user: /^sips?:([^@;?]+)@/i.exec(uri)?.[1], displayName: undefined };
}
