import { isIPv6 } from 'node:net';
import type { ContactBinding } from '../domain/contact-binding.js';
import type { RegisteredTarget } from '../domain/ports/phone-directory.js';

/** A contact is reached where its REGISTER came from (behind a NAT nowhere else), or through the proxies that it came through. */
export function targetOf({ uri, q, source, path }: ContactBinding): RegisteredTarget {
  if (path.length > 0) return { uri, q, proxy: undefined, headers: { Route: path.join(', ') } };
  const { address, port, transport } = source;
  const host = isIPv6(address) ? `[${address}]` : address;
  return { uri, q, proxy: `sip:${host}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}`, headers: {} };
}
