import { isIP } from 'node:net';
import type { SipUri } from '../message/uri.js';
import type { Dns, Naptr, Srv } from './dns.js';
import { type Target, TRANSPORTS, type TransportName } from './flow.js';

/** RFC 3261 section 19.1.2. */
export const defaultPort = (transport: TransportName): number => DEFAULT_PORTS[transport];
const DEFAULT_PORTS: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };
/** What a `sips` URI's `transport` comes to (RFC 3261 section 26.2.2, RFC 7118 section 5). */
const SECURE: Readonly<Partial<Record<string, TransportName>>> = { tcp: 'tls', tls: 'tls', ws: 'wss', wss: 'wss' };
/** NAPTR services that we can dial (RFC 3263 section 4.1). */
const SERVICES: Readonly<Partial<Record<string, TransportName>>> = { 'SIP+D2U': 'udp', 'SIP+D2T': 'tcp', 'SIPS+D2T': 'tls' };
const SRV_PREFIX: Readonly<Record<TransportName, string>> = {
  udp: '_sip._udp',
  tcp: '_sip._tcp',
  tls: '_sips._tcp',
  ws: '_sip._ws',
  wss: '_sips._ws',
};
/** Nobody has more servers than that; what a name leads to is a stranger's to say. */
const MOST_TARGETS = 16;

/** RFC 3261 section 26.2.2: a `sips` URI is reached over TLS alone. @returns undefined when the URI asks for a transport we do not have. */
export function transportOf(uri: SipUri): TransportName | undefined {
  const named = uri.params.get('transport')?.toLowerCase();
  if (uri.scheme === 'sips') return named === undefined ? 'tls' : SECURE[named];
  return named === undefined ? 'udp' : TRANSPORTS.find((transport) => transport === named);
}

const hostOf = (uri: SipUri): string => uri.params.get('maddr') ?? uri.host;

/** The target when no DNS is needed for it (RFC 3263 section 4: a numeric host is used as it is). */
export function literalTarget(uri: SipUri, transport: TransportName): Target | undefined {
  const host = hostOf(uri);
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  return isIP(address) === 0
    ? undefined
    : { transport, address, port: uri.port ?? defaultPort(transport), ...proofOf(transport, address) };
}

/**
 * Where a URI leads, best first (RFC 3263 section 4): NAPTR where it names neither transport nor port, SRV where it names no
 * port, else the host's addresses.
 *
 * @param transport what the URI stands for; free to be another when `free`.
 * @param random from 0 up to 1: shares the load by the weights of SRV records.
 * @returns none when the name leads nowhere.
 */
export async function resolveTargets(
  uri: SipUri,
  { transport, free }: { transport: TransportName; free: boolean },
  dns: Dns,
  random: () => number,
): Promise<Target[]> {
  const literal = literalTarget(uri, transport);
  if (literal) return [literal];
  const host = hostOf(uri);
  const services = uri.port === undefined ? await servicesOf(uri, host, { transport, free }, dns) : [];
  const found: Target[] = [];
  for (const { transport: by, records } of services) {
    for (const { name, port } of byWeight(records, random)) {
      if (found.length >= MOST_TARGETS) break;
      found.push(...(await targetsAt(dns, by, name, port, host)));
    }
  }
  if (found.length > 0 || services.length > 0) return found.slice(0, MOST_TARGETS);
  return await targetsAt(dns, transport, host, uri.port ?? defaultPort(transport), host);
}

type Service = { transport: TransportName; records: Srv[] };

async function servicesOf(
  uri: SipUri,
  host: string,
  { transport, free }: { transport: TransportName; free: boolean },
  dns: Dns,
): Promise<Service[]> {
  const srv = async (by: TransportName, name: string): Promise<Service> => {
    const records = await dns.services(name).catch(() => []);
    return { transport: by, records };
  };
  const present = (services: Service[]): Service[] => services.filter(({ records }) => records.length > 0);
  if (!free) return present([await srv(transport, `${SRV_PREFIX[transport]}.${host}`)]);
  const pointers = (await dns.pointers(host).catch(() => [])).sort(byOrder).flatMap(({ service, replacement }) => {
    const by = SERVICES[service.toUpperCase()];
    return by === undefined || (uri.scheme === 'sips' && by !== 'tls') ? [] : [{ by, replacement }];
  });
  const named = present(await Promise.all(pointers.map(({ by, replacement }) => srv(by, replacement))));
  if (named.length > 0) return named;
  const ours: TransportName[] = uri.scheme === 'sips' ? ['tls'] : ['udp', 'tcp', 'tls'];
  return present(await Promise.all(ours.map((by) => srv(by, `${SRV_PREFIX[by]}.${host}`))));
}

const byOrder = (a: Naptr, b: Naptr): number => a.order - b.order || a.preference - b.preference;

async function targetsAt(dns: Dns, transport: TransportName, name: string, port: number, asked: string): Promise<Target[]> {
  // RFC 2782: a root as the target says that there is decidedly no such service.
  const addresses = name === '' || name === '.' ? [] : await dns.addresses(name).catch(() => []);
  return addresses.map((address) => ({ transport, address, port, ...proofOf(transport, asked) }));
}

/** RFC 2782: by priority, and within one by chance, in proportion to the weights. */
export function byWeight(records: readonly Srv[], random: () => number): Srv[] {
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: Srv[] = [];
  while (left[0]) {
    const { priority } = left[0];
    const peers = left.filter((record) => record.priority === priority);
    let draw = random() * peers.reduce((sum, { weight }) => sum + weight, 0);
    const chosen =
      peers.find(({ weight }) => {
        draw -= weight;
        return draw < 0;
      }) ?? left[0];
    ordered.push(chosen);
    left.splice(left.indexOf(chosen), 1);
  }
  return ordered;
}

/** The name that was asked for, not the one DNS led to, is what the peer must prove (RFC 5922 section 7.3). */
const proofOf = (transport: TransportName, name: string): { serverName?: string } =>
  transport === 'tls' ? { serverName: name } : {};
