import type { Envelope } from '../message/envelope.js';
import { BRANCH_COOKIE } from '../message/tokens.js';
import { formatVia } from '../message/via.js';

/**
 * What finds the server transaction of a request (RFC 3261 section 17.2.3). An ACK and a CANCEL have the key of their INVITE
 * when `method` is given as such.
 */
export function serverKey(envelope: Envelope, uri: string, method: string): string {
  const { via } = envelope;
  const branch = via.params.get('branch');
  if (branch?.startsWith(BRANCH_COOKIE) && branch.length > BRANCH_COOKIE.length) {
    return `${branch}|${via.host.toLowerCase()}:${via.port ?? ''}|${method}`;
  }
  // RFC 2543 peers do not make branches unique: compare what they do keep the same over retransmissions.
  return `2543|${uri}|${envelope.fromTag ?? ''}|${envelope.callId}|${envelope.sequence}|${formatVia(via)}|${method}`;
}

export const clientKey = (branch: string, method: string): string => `${branch}|${method}`;

/** The same request on two paths has these in common (RFC 3261 section 8.2.2.2). */
export const mergeKey = (envelope: Envelope): string =>
  `${envelope.callId}|${envelope.fromTag ?? ''}|${envelope.sequence}|${envelope.method}`;
