import type { CallDirection, Termination } from '../domain/call.js';
import type { EndedBy } from '../domain/call-ending.js';
import type { DialogEnd, EndReason } from '../domain/ports/telephony.js';
import type { HangupReason } from '../pipeline/conversation-deps.js';

/** What is known of a call's end beside why it ended. */
export type EndDetails = {
  /** The final SIP status of its INVITE, and the words that came with it. */
  sipCode?: number | undefined;
  sipReason?: string | undefined;
  /** The far end's word on why, of a Reason header (RFC 3326, RFC 6432). */
  q850Cause?: number | undefined;
  /** Where the reason alone does not tell. */
  endedBy?: EndedBy | undefined;
};

/** The cause in the far end's words, if it is one of Q.850. */
export function q850In(reason: EndReason | undefined): number | undefined {
  const cause = reason?.q850;
  return cause !== undefined && cause >= 1 && cause <= 127 ? cause : undefined;
}

/** How the far end, or the way to it, ended the call; nothing when we did ourselves. */
export function terminationOf(end: DialogEnd, direction: CallDirection): Termination | undefined {
  switch (end.by) {
    case 'remote':
      return { result: 'success', reason: direction === 'inbound' ? 'caller_hangup' : 'callee_hangup' };
    case 'ack_timeout':
      return { result: 'upstream_error', reason: 'ack_timeout' };
    case 'no_agreement':
      return { result: 'client_error', reason: 'no_common_codec' };
    case 'session_expired':
      return { result: 'upstream_error', reason: 'session_expired' };
    case 'lost':
      return { result: 'upstream_error', reason: 'dialog_lost' };
    case 'signalling_lost':
      return { result: 'server_error', reason: 'internal' };
    case 'local':
      return undefined;
  }
}

/** What a call has come to whose conversation ends it. */
export function terminationBy(reason: HangupReason): Termination {
  switch (reason) {
    case 'provider_failed':
      return { result: 'upstream_error', reason };
    case 'voicemail':
    case 'fax':
      return { result: 'client_error', reason };
    case 'goodbye':
      return { result: 'success', reason: 'agent_hangup' };
    case 'silence':
    case 'voicemail_left':
      return { result: 'success', reason };
  }
}

/** Of the statuses that we send ourselves (RFC 3261 section 21). */
const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  420: 'Bad Extension',
  421: 'Extension Required',
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  600: 'Busy Everywhere',
  603: 'Decline',
};

export const phraseOf = (sipCode: number | undefined): string | undefined =>
  sipCode === undefined ? undefined : PHRASES[sipCode];
