import { BlockList, isIP } from 'node:net';

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. */
export function isCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

/** An IPv4 peer of a dual-stack socket as the peer knows itself (RFC 4291 section 2.5.5.2). */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Who is behind an address: itself with IPv4, the first 64 bits with IPv6, of which everybody has as many as they like.
 *
 * @returns a CIDR such as `203.0.113.7/32` or `2001:db8:1:2::/64`, one for all spellings; undefined for what is no address.
 */
export function sourceOf(address: string): string | undefined {
  const plain = plainAddress(address);
  const family = isIP(plain);
  if (family === 4) return `${plain}/32`;
  return family === 6 ? `${networkOf(plain)}/64` : undefined;
}

/** The first four groups of an IPv6 address, in one spelling. */
function networkOf(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  // A dotted quad at the end stands for two groups.
  const width = [...front, ...back].reduce((sum, group) => sum + (group.includes('.') ? 2 : 1), 0);
  const all = [...front, ...Array.from({ length: tail === undefined ? 0 : 8 - width }, () => '0'), ...back];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  while (network.at(-1) === '0') network.pop();
  return `${network.join(':')}::`;
}

/** Addresses and blocks; what is neither matches nothing. */
export class SourceList {
  readonly #list = new BlockList();

  constructor(sources: readonly string[]) {
    for (const source of sources.filter(isCidr)) {
      const [address = '', bits] = source.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}
