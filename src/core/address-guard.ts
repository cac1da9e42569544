import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** What IANA has set apart from the public IPv4 internet: private, shared, loopback, link-local (cloud metadata), test nets, multicast. */
const RESERVED_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
/** Of the one block IPv6 addresses are given out from: what carries an IPv4 address inside, documentation, and the like. */
const RESERVED_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const reserved = new BlockList();
for (const [net, bits] of RESERVED_IPV4) reserved.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of RESERVED_IPV6) reserved.addSubnet(net, bits, 'ipv6');
/** Loopback, unique local, link-local, IPv4-mapped and NAT64 addresses all lie outside it. */
const globalIpv6 = new BlockList();
globalIpv6.addSubnet('2000::', 3, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** An address that anybody may be sent to: nothing of ours, of the operator's network or of the machine's host answers there. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !reserved.check(address, 'ipv4');
  return family === 6 && globalIpv6.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}

export const isLoopback = (address: string): boolean => loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The address, or what the name led to, may not be connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Resolves names for a connection and refuses those that lead, by any of their addresses, where `allowed` says no. It is the
 * resolution the connection uses: a name cannot be good when it is looked at and bad when it is connected to.
 */
export function guardedLookup(allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '');
        return;
      }
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => allowed(address))) {
        callback(new AddressRefused('the name leads to an address that is not public'), '');
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Which addresses a URL may lead to: public ones over HTTPS, and with `allowPrivate` any, and this machine over plain HTTP. @throws AddressRefused */
export function addressesAllowedFor(url: URL, allowPrivate: boolean): (address: string) => boolean {
  if (url.protocol === 'https:') return allowPrivate ? () => true : isPublicAddress;
  if (url.protocol === 'http:' && allowPrivate) return isLoopback;
  throw new AddressRefused('only https is allowed');
}
