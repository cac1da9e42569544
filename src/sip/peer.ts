import type { Peer } from '../domain/ports/telephony.js';
import type { SrfRequest } from './srf-types.js';

/** Where a request came from. A drachtio-server calls WebSockets `tcp`: what they really are stands in the Via. */
export function peerOf(request: SrfRequest): Peer {
  const { source_address: address, source_port: port, protocol } = request;
  const named = /^\s*SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z]+)/i.exec(request.get('via') ?? '')?.[1]?.toLowerCase();
  const isSocket = named === 'ws' || named === 'wss';
  return { address, port, transport: isSocket && protocol !== 'udp' ? named : protocol || 'udp' };
}
