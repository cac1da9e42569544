import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4, isIPv6 } from 'node:net';

export type Srv = { name: string; port: number; priority: number; weight: number };
export type Naptr = { service: string; replacement: string; order: number; preference: number };

/** What RFC 3263 asks of the DNS. Each rejects or resolves with nothing when there are no such records. */
export type Dns = {
  /** Of the families we can send to. */
  addresses(host: string): Promise<string[]>;
  services(name: string): Promise<Srv[]>;
  pointers(domain: string): Promise<Naptr[]>;
};

/** A server that does not answer must not hold up a call: so often, and so long. */
const PATIENCE = { timeout: 1500, tries: 2 };

/**
 * The system's name service, or with `servers` (`10.0.0.53`, `10.0.0.53:5353`) theirs alone.
 *
 * @param bind the address our sockets are bound to: it says which families they reach.
 */
export function systemDns(bind: string, servers: readonly string[] = []): Dns {
  const resolver = new Resolver(PATIENCE);
  if (servers.length > 0) resolver.setServers(servers);
  const reachable = (address: string): boolean => bind === '::' || isIPv4(bind) === isIPv4(address);
  return {
    async addresses(host) {
      const found = servers.length > 0 ? await asked(resolver, host) : (await lookup(host, { all: true })).map((r) => r.address);
      return found.filter(reachable).sort((a, b) => Number(isIPv6(a)) - Number(isIPv6(b)));
    },
    services: (name) => resolver.resolveSrv(name),
    pointers: (domain) => resolver.resolveNaptr(domain),
  };
}

async function asked(resolver: Resolver, host: string): Promise<string[]> {
  const none = (): string[] => [];
  const [v4, v6] = await Promise.all([resolver.resolve4(host).catch(none), resolver.resolve6(host).catch(none)]);
  return [...v4, ...v6];
}
