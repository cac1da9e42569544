import { isIPv6 } from 'node:net';
import type { Trunk } from '../domain/trunk.js';

type Reached = Pick<Trunk, 'host' | 'port' | 'transport' | 'outboundProxy' | 'backupServers' | 'tlsPins' | 'keepAliveS' | 'nat'>;

const hostOf = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/**
 * The next hop of everything we send to a trunk, as the signalling server is told it: it is written into no request. Its own
 * parameters name the servers that are tried after it, the keys its certificate may have, how often a registration's way is kept
 * open, and whether our address is what the registrar sees; a drachtio-server does not know them.
 */
export function nextHopOf(trunk: Reached): string {
  const { host, port, transport, outboundProxy, backupServers, tlsPins, keepAliveS, nat } = trunk;
  const hop = outboundProxy ?? `sip:${hostOf(host)}${port === undefined ? '' : `:${port}`}`;
  // Without it, DNS may choose another transport (RFC 3263 section 4.1).
  const named = transport === 'auto' || /^sips:|;transport=/i.test(hop) ? '' : `;transport=${transport}`;
  const backups = backupServers.length === 0 ? '' : `;x-backup=${backupServers.map(hostOf).join('&')}`;
  const pins = tlsPins.length === 0 ? '' : `;x-pin=${tlsPins.map(toBase64Url).join('&')}`;
  const keepAlive = keepAliveS === undefined ? '' : `;x-keep-alive-ms=${keepAliveS * 1000}`;
  const learning = nat === 'auto' ? ';x-nat=auto' : '';
  return `${hop}${named}${backups}${pins}${keepAlive}${learning}`;
}

/** `sha256/<base64>`, as curl writes pins. */
const toBase64Url = (pin: string): string => Buffer.from(pin.slice('sha256/'.length), 'base64').toString('base64url');
