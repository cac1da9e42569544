import type { ReferProgress } from '../domain/ports/telephony.js';
import type { SrfRequest } from './srf-types.js';

const SIPFRAG = /^SIP\/2\.0 ([1-6]\d\d)\b/;
const TERMINATED = /^\s*terminated\b/i;

/**
 * Reads a NOTIFY about a REFER of ours (RFC 3515 section 2.4.4). A subscription that ends without a final status tells nothing more:
 * what was asked for did not come about as far as anybody knows.
 *
 * @returns undefined for one that is about something else, or says nothing.
 */
export function readReferNotify(request: SrfRequest): ReferProgress | undefined {
  if (!/^\s*refer\b/i.test(request.get('Event') ?? '')) return undefined;
  const terminated = TERMINATED.test(request.get('Subscription-State') ?? '');
  const status = SIPFRAG.exec(request.body ?? '')?.[1];
  if (status === undefined) return terminated ? { sipCode: undefined, final: true } : undefined;
  const sipCode = Number(status);
  return { sipCode, final: sipCode >= 200 || terminated };
}
