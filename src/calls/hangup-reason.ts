import type { Termination } from '../domain/call.js';
import type { EndReason } from '../domain/ports/telephony.js';

/**
 * What the BYE of a call says of why it ends (RFC 3326): the SIP status that the same fault would have had before the answer, and the
 * Q.850 cause that RFC 3398 section 7.2.4.1 and Q.850 itself give it.
 */
export function hangupReasonOf({ result, reason }: Termination): EndReason {
  const text = reason.replaceAll('_', ' ');
  switch (reason) {
    case 'media_timeout':
    case 'session_expired':
    case 'no_response':
      return { q850: 102, sip: 408, text };
    case 'no_common_codec':
      return { q850: 88, sip: 488, text };
    case 'cancelled':
      return { q850: 16, sip: 487, text };
    case 'draining':
      return { q850: 41, sip: 503, text: 'server is going down' };
    default:
      return result === 'success' ? { q850: 16, sip: 200, text } : { q850: 41, sip: 500, text };
  }
}
