import { isIPv6 } from 'node:net';
import type { TrunkAccess } from '../domain/ports/trunk-signalling.js';

/** A host as it stands in a URI. */
export const hostOf = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** `sip:host:port;transport=tcp`: a trunk's server, and by what it is reached. */
export function serverUri({ host, port, transport }: Pick<TrunkAccess, 'host' | 'port' | 'transport'>): string {
  return `sip:${hostOf(host)}${port === undefined ? '' : `:${port}`}${transport === 'udp' || transport === 'auto' ? '' : `;transport=${transport}`}`;
}
