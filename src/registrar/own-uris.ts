/** Tells whether a URI with this host, in lower case, and this port, is the server's own. */
export type IsLocal = (host: string, port: number | undefined) => boolean;

/** `ports`: those that SIP is listened for on, 0 is none; none at all: they are somebody else's, and not known. */
export type OwnSockets = { addresses: { has(address: string): boolean }; ports: Readonly<Record<string, number>> };

/**
 * A URI at one of our names with another port is somebody else's: another server of this machine, or behind the same NAT. Without a
 * port it is an address of record, and ours wherever we listen.
 */
export function ownUris(names: readonly (string | undefined)[], { addresses, ports }: OwnSockets): IsLocal {
  const known = [...names.map((name) => name?.toLowerCase()), 'localhost'];
  const listening = Object.values(ports).filter((port) => port !== 0);
  return (host, port) =>
    (port === undefined || listening.length === 0 || listening.includes(port)) && (known.includes(host) || addresses.has(host));
}
