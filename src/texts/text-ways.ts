import type { TenantId } from '../core/ids.js';
import type { OutboundRoute, Way } from '../domain/ports/outbound-route.js';
import type { SipParty } from '../domain/ports/telephony.js';
import type { Charge } from '../domain/ports/toll-guard.js';

export type TextWay = Pick<Way, 'uri' | 'from' | 'terms' | 'trunk' | 'failoverCodes'>;

/**
 * How texts reach an address: as calls to it go. `from` stands in place of the user that the trunk's identity has.
 *
 * @throws AppError as `OutboundRoute.waysTo`.
 */
export function textWays(
  route: OutboundRoute,
  tenant: TenantId,
  address: string,
  { from, ...charge }: Charge & { from: string | undefined },
): readonly TextWay[] {
  const ways = address.startsWith('+') ? route.waysTo(tenant, address, charge) : route.waysToUri(tenant, address, charge);
  return from === undefined ? ways : ways.map((way) => ({ ...way, from: withUser(way.from, from) }));
}

const withUser = (party: SipParty | undefined, user: string): SipParty => {
  const uri = party?.uri ?? 'sip:offhook@localhost';
  return { uri: uri.replace(/^(sips?:)[^@]*@/i, `$1${user}@`), user, displayName: party?.displayName };
};
