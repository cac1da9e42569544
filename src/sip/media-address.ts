import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { OwnAddresses, Seen } from '../core/own-addresses.js';

export type Advertising = Pick<OwnAddresses, 'advertisedTo' | 'seenBy' | 'learn'>;

const hostIn = (uri: string): string => /^sips?:(?:[^@]*@)?(?:\[([^\]]+)\]|([^:;?>]+))/i.exec(uri)?.slice(1).find(Boolean) ?? '';

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
  const host = hostIn(hop);
  if (isIP(host) !== 0 || own.seenBy(host)) return own.advertisedTo(host);
  const found = await lookup(host, { verbatim: false }).catch(() => undefined);
  return own.advertisedTo(found?.address ?? OUTSIDE[4]);
}

/**
 * Takes from the answer to a REGISTER where its sender sees us (RFC 3581 section 4), for calls over it: by its address, and by the
 * name of the next hop that led to it.
 *
 * @returns where that is, when it is not where we thought.
 */
export function learnAddress(own: Advertising, hop: string, { via, peer }: { via: string; peer: string }): Seen | undefined {
  const parameter = (name: string): string | undefined =>
    new RegExp(`;\\s*${name}\\s*=\\s*\\[?([^\\s;,\\]]+)`, 'i').exec(via)?.[1];
  const [, v6, plain, ownPort] = /^\s*SIP\s*\/\s*2\.0\s*\/\s*\w+\s+(?:\[([^\]]+)\]|([^\s:;]+))(?::(\d+))?/i.exec(via) ?? [];
  const address = parameter('received') ?? v6 ?? plain ?? '';
  const port = Number(parameter('rport') ?? ownPort ?? 0);
  if (isIP(peer) === 0 || isIP(address) === 0 || port === 0) return undefined;
  own.learn(peer, { address, port });
  const seen = own.seenBy(peer);
  if (seen) own.learn(hostIn(hop), seen);
  return seen;
}
