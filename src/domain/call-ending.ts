import type { Call, CallDirection, Termination } from './call.js';

/**
 * Who ended a call, or kept it from coming about: `caller` and `callee` are the two ends of the line other than us, `agent` is the
 * conversation's own goodbye, `operator` somebody over the API, `network` the way in between, `system` this server (limits, shutdown,
 * crash).
 */
export const ENDED_BY = ['caller', 'callee', 'agent', 'operator', 'network', 'system'] as const;
export type EndedBy = (typeof ENDED_BY)[number];

/** What came of trying to talk: answered, or why not. Says nothing of how good the call was. */
export const CALL_OUTCOMES = ['answered', 'busy', 'no_answer', 'rejected', 'cancelled', 'failed'] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Undefined while the call goes on. */
export function outcomeOf(call: Pick<Call, 'answeredAtMs' | 'termination'>): CallOutcome | undefined {
  if (!call.termination) return undefined;
  if (call.answeredAtMs !== undefined) return 'answered';
  switch (call.termination.reason) {
    case 'busy':
    case 'no_answer':
    case 'rejected':
    case 'cancelled':
      return call.termination.reason;
    // A machine was heard before the answer.
    case 'voicemail':
      return 'no_answer';
    // Somebody else was to be called instead.
    case 'redirected':
      return 'rejected';
    default:
      return 'failed';
  }
}

/** Who is behind a termination, as far as its reason tells; whoever knows better says so when ending the call. */
export function endedByOf({ result, reason }: Termination, direction: CallDirection): EndedBy {
  const farEnd = direction === 'inbound' ? 'caller' : 'callee';
  switch (reason) {
    case 'caller_hangup':
      return 'caller';
    case 'callee_hangup':
    case 'busy':
    case 'rejected':
      return 'callee';
    case 'agent_hangup':
    case 'silence':
    case 'voicemail_left':
    case 'voicemail':
    case 'fax':
      return 'agent';
    case 'api_hangup':
      return 'operator';
    // Of a call out: its INVITE was answered 487 although we had not taken it back.
    case 'cancelled':
      return direction === 'inbound' ? 'caller' : 'network';
    case 'no_common_codec':
    case 'bad_request':
      return farEnd;
    case 'no_such_number':
    case 'no_answer':
    case 'ack_timeout':
    case 'media_timeout':
    case 'no_response':
      return 'network';
    default:
      return result === 'upstream_error' && reason !== 'provider_failed' ? 'network' : 'system';
  }
}
