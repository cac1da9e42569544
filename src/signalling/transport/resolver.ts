import { lookup, resolveSrv } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { SipUri } from '../message/uri.js';
import { type Target, TRANSPORTS, type TransportName } from './flow.js';

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

/** RFC 3261 section 19.1.2. */
export const defaultPort = (transport: TransportName): number => DEFAULT_PORTS[transport];
const DEFAULT_PORTS: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };
/** What a `sips` URI's `transport` comes to (RFC 3261 section 26.2.2, RFC 7118 section 5). */
const SECURE: Readonly<Partial<Record<string, TransportName>>> = { tcp: 'tls', tls: 'tls', ws: 'wss', wss: 'wss' };

/** RFC 3261 section 26.2.2: a `sips` URI is reached over TLS alone. @returns undefined when the URI asks for a transport we do not have. */
export function transportOf(uri: SipUri): TransportName | undefined {
  const named = uri.params.get('transport')?.toLowerCase();
  if (uri.scheme === 'sips') return named === undefined ? 'tls' : SECURE[named];
  return named === undefined ? 'udp' : TRANSPORTS.find((transport) => transport === named);
}

/** The target when no DNS is needed for it (RFC 3263 section 4: a numeric host is used as it is). */
export function literalTarget(uri: SipUri, transport: TransportName): Target | undefined {
  const host = uri.params.get('maddr') ?? uri.host;
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  return isIP(address) === 0
    ? undefined
    : { transport, address, port: uri.port ?? defaultPort(transport), ...proofOf(transport, address) };
}

/** RFC 3263 for one transport: SRV when the URI has no port, else the host's address. @throws when the name leads nowhere. */
export async function resolveTarget(uri: SipUri, transport: TransportName, dns: Dns): Promise<Target> {
  const literal = literalTarget(uri, transport);
  if (literal) return literal;
  const host = uri.params.get('maddr') ?? uri.host;
  if (uri.port === undefined) {
    const service = transport === 'tls' ? '_sips._tcp' : `_sip._${transport}`;
    const [best] = await dns.services(`${service}.${host}`).catch(() => []);
    if (best) return { transport, address: await dns.address(best.name), port: best.port, ...proofOf(transport, host) };
  }
  return { transport, address: await dns.address(host), port: uri.port ?? defaultPort(transport), ...proofOf(transport, host) };
}

/** The name that was asked for, not the one DNS led to, is what the peer must prove (RFC 5922 section 7.3). */
const proofOf = (transport: TransportName, name: string): { serverName?: string } =>
  transport === 'tls' ? { serverName: name } : {};
