import type { Call } from './call.js';

const NORMAL_CLEARING = 16;
const NO_ANSWER = 19;
const TEMPORARY_FAILURE = 41;
const BEARER_NOT_IMPLEMENTED = 65;
const TIMER_EXPIRED = 102;

/**
 * SIP statuses as causes of the telephone network (RFC 3398 section 8.2.6.1; RFC 4497 section 8.4.4 agrees). 487 stands for a call
 * that was taken back, which is cleared normally; 488 and 606 for media that cannot be had; 607 and 608 for a call that is not
 * wanted (RFC 8197, RFC 8688).
 */
const CAUSES: Readonly<Record<number, number>> = {
  400: TEMPORARY_FAILURE,
  401: 21,
  402: 21,
  403: 21,
  404: 1,
  405: 63,
  406: 79,
  407: 21,
  408: TIMER_EXPIRED,
  410: 22,
  413: 127,
  414: 127,
  415: 79,
  416: 127,
  420: 127,
  421: 127,
  423: 127,
  480: 18,
  481: TEMPORARY_FAILURE,
  482: 25,
  483: 25,
  484: 28,
  485: 1,
  486: 17,
  487: NORMAL_CLEARING,
  488: BEARER_NOT_IMPLEMENTED,
  500: TEMPORARY_FAILURE,
  501: 79,
  502: 38,
  503: TEMPORARY_FAILURE,
  504: TIMER_EXPIRED,
  505: 127,
  513: 127,
  600: 17,
  603: 21,
  604: 1,
  606: BEARER_NOT_IMPLEMENTED,
  607: 21,
  608: 21,
};

/** Why a call ended as Q.850 has it, where the far end did not say. */
export function causeOf({ termination, sipCode, answeredAtMs }: Pick<Call, 'termination' | 'sipCode' | 'answeredAtMs'>): number {
  if (termination?.reason === 'no_answer') return sipCode === 480 ? 18 : NO_ANSWER;
  if (answeredAtMs === undefined && sipCode !== undefined) return causeOfStatus(sipCode);
  if (termination?.result === 'success') return NORMAL_CLEARING;
  switch (termination?.reason) {
    case 'cancelled':
    case 'voicemail':
    case 'fax':
      return NORMAL_CLEARING;
    case 'no_common_codec':
      return BEARER_NOT_IMPLEMENTED;
    case 'media_timeout':
    case 'ack_timeout':
    case 'session_expired':
    case 'dialog_lost':
    case 'prack_timeout':
    case 'no_response':
      return TIMER_EXPIRED;
    default:
      return TEMPORARY_FAILURE;
  }
}

/** A status that is not known counts as the first of its class (RFC 3261 section 8.1.3.2). */
function causeOfStatus(sipCode: number): number {
  const known = CAUSES[sipCode] ?? CAUSES[Math.floor(sipCode / 100) * 100];
  // Where else to call was told, and not followed (Q.850: redirection to new destination).
  return known ?? (sipCode < 400 ? 23 : TEMPORARY_FAILURE);
}
