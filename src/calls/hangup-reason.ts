import type { Termination } from '../domain/call.js';
import type { EndReason } from '../domain/ports/telephony.js';
import { causeOf } from '../domain/q850.js';

/**
 * What the BYE of a call says of why it ends (RFC 3326): the SIP status that the same fault would have had before the answer, and the
 * cause that is on the call's record.
 */
export function hangupReasonOf(termination: Termination): EndReason {
  const { result, reason } = termination;
  const text = reason === 'draining' ? 'server is going down' : reason.replaceAll('_', ' ');
  return { q850: causeOf({ termination, sipCode: undefined, answeredAtMs: undefined }), sip: statusOf(result, reason), text };
}

function statusOf(result: Termination['result'], reason: Termination['reason']): number {
  switch (reason) {
    case 'media_timeout':
    case 'session_expired':
    case 'no_response':
      return 408;
    case 'no_common_codec':
      return 488;
    case 'cancelled':
      return 487;
    case 'draining':
      return 503;
    case 'voicemail':
    case 'fax':
      return 200;
    default:
      return result === 'success' ? 200 : 500;
  }
}
