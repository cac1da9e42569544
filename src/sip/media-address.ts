import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { OwnAddresses } from '../core/own-addresses.js';

export type Advertising = Pick<OwnAddresses, 'advertisedTo'>;

/** Somebody far away, for whom there is no nearer address to go by (RFC 5737, RFC 3849). */
const OUTSIDE = { 4: '192.0.2.1', 6: '2001:db8::1' } as const;

/** What stands in our answer: what the peer reaches, of the family that its offer speaks. */
export function addressForOffer(own: Advertising, peer: string, offer: string | undefined): string {
  const named = /^c=IN IP([46])\b/m.exec(offer ?? '')?.[1];
  const family = named === undefined ? undefined : named === '6' ? 6 : 4;
  if (isIP(peer) === 0) return own.advertisedTo(OUTSIDE[family ?? 4]);
  const address = own.advertisedTo(peer);
  return family === undefined || isIP(address) === family ? address : own.advertisedTo(OUTSIDE[family]);
}

/** What stands in our offer to the next hop; where its name leads nowhere, what is told to peers outside. */
export async function addressForHop(own: Advertising, hop: string): Promise<string> {
  const host = /^sips?:(?:[^@]*@)?(?:\[([^\]]+)\]|([^:;?>]+))/i.exec(hop)?.slice(1).find(Boolean) ?? '';
  if (isIP(host) !== 0) return own.advertisedTo(host);
  const found = await lookup(host, { verbatim: false }).catch(() => undefined);
  return own.advertisedTo(found?.address ?? OUTSIDE[4]);
}
