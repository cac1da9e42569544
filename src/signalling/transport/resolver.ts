import { lookup, resolveSrv } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { SipUri } from '../message/uri.js';
import type { Target, TransportName } from './flow.js';

export type Dns = {
  /** The first address of a host name. */
  address(host: string): Promise<string>;
  /** SRV records, best first. */
  services(name: string): Promise<{ name: string; port: number }[]>;
};

export const systemDns: Dns = {
  async address(host) {
    return (await lookup(host, { family: 0, verbatim: false })).address;
  },
  async services(name) {
    const records = await resolveSrv(name);
    return records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
  },
};

const DEFAULT_PORT = 5060;

/** @returns undefined when the URI asks for a transport we do not have. */
export function transportOf(uri: SipUri): TransportName | undefined {
  if (uri.scheme === 'sips') return undefined;
  const named = uri.params.get('transport')?.toLowerCase() ?? 'udp';
  return named === 'udp' || named === 'tcp' ? named : undefined;
}

/** The target when no DNS is needed for it (RFC 3263 section 4: a numeric host is used as it is). */
export function literalTarget(uri: SipUri, transport: TransportName): Target | undefined {
  const host = uri.params.get('maddr') ?? uri.host;
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  return isIP(address) === 0 ? undefined : { transport, address, port: uri.port ?? DEFAULT_PORT };
}

/** RFC 3263 for one transport: SRV when the URI has no port, else the host's address. @throws when the name leads nowhere. */
export async function resolveTarget(uri: SipUri, transport: TransportName, dns: Dns): Promise<Target> {
  const literal = literalTarget(uri, transport);
  if (literal) return literal;
  const host = uri.params.get('maddr') ?? uri.host;
  if (uri.port === undefined) {
    const services = await dns.services(`_sip._${transport}.${host}`).catch(() => []);
    const [best] = services;
    if (best) return { transport, address: await dns.address(best.name), port: best.port };
  }
  return { transport, address: await dns.address(host), port: uri.port ?? DEFAULT_PORT };
}
