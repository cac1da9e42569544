import { AppError } from '../core/errors.js';
import type { Termination } from '../domain/call.js';
import { endedByOf } from '../domain/call-ending.js';
import type { EndDetails } from './call-end.js';
import { NotAnswered } from './call-origin.js';

/** How a caller is told that nobody was reached of those the call was for, and how the call is recorded. */
export type Unreached = {
  termination: Termination;
  /** Final SIP status. */
  status: number;
  headers: Readonly<Record<string, string>>;
  details: EndDetails;
};

/** What says something of who was called. The rest (who we are there, what we sent, what is broken there) is between us and the next hop. */
const PASSED_ON: readonly number[] = [404, 410, 480, 482, 484, 486, 488, 600, 603, 604, 606, 607, 608];
const RETRY_AFTER = { 'Retry-After': '5' };

/** `error`: what came of the last attempt. */
export function unreached(error: unknown): Unreached {
  if (error instanceof NotAnswered) {
    const { termination, details } = error;
    const { q850Cause: cause, sipCode, sipReason } = details;
    const status = statusOf(error);
    const endedBy = details.endedBy ?? endedByOf(termination, 'outbound');
    return {
      termination,
      status,
      headers: cause === undefined ? {} : { Reason: `Q.850;cause=${cause}` },
      details: { ...details, endedBy, sipReason: status === sipCode ? sipReason : undefined },
    };
  }
  return notTried(error instanceof AppError ? error.code : 'internal');
}

function statusOf({ termination: { reason }, details: { sipCode = 480 } }: NotAnswered): number {
  if (reason === 'no_answer' || reason === 'no_response') return 480;
  return PASSED_ON.includes(sipCode) ? sipCode : 502;
}

function notTried(code: AppError['code']): Unreached {
  const details: EndDetails = { endedBy: 'system' };
  switch (code) {
    case 'forbidden':
    case 'outbound_not_configured':
    case 'destination_not_allowed':
    case 'call_limit_reached':
    case 'key_limit_reached':
      return { termination: { result: 'client_error', reason: 'rejected' }, status: 403, headers: {}, details };
    case 'not_found':
      return { termination: { result: 'client_error', reason: 'no_such_number' }, status: 404, headers: {}, details };
    case 'capacity_exhausted':
    case 'media_ports_exhausted':
      return { termination: { result: 'server_error', reason: code }, status: 503, headers: RETRY_AFTER, details };
    case 'signalling_unavailable':
      return { termination: { result: 'upstream_error', reason: 'sip_503' }, status: 503, headers: RETRY_AFTER, details };
    default:
      return { termination: { result: 'server_error', reason: 'internal' }, status: 500, headers: {}, details };
  }
}
