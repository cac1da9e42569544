import type { ErrorCode } from '../../../core/errors.js';
import type { Failure } from '../../http/failure.js';

/** The document's one answer to whoever may not, or asks for what is not theirs. */
const NO_PERMISSION = "Your account doesn't have the permission to access that page.";

const LIMIT_REACHED = 'You have reached limit.';

/**
 * The document has 400, 403 and 500, and so has this dialect, whatever else HTTP has for a mistake (413, 415); only to those who ask too
 * often it says 429. Who is not known, may not, or asks for what is not there or another's, is told the same.
 */
const TABLE = {
  invalid_request: { status: 400, message: 'Invalid parameters' },
  unauthorized: { status: 403, message: NO_PERMISSION },
  forbidden: { status: 403, message: NO_PERMISSION },
  destination_not_allowed: { status: 400, message: 'This number may not be called' },
  agent_limit_reached: { status: 400, message: LIMIT_REACHED },
  call_limit_reached: { status: 400, message: LIMIT_REACHED },
  key_limit_reached: { status: 400, message: LIMIT_REACHED },
  rate_limited: { status: 429, message: 'Rate limit exceeded' },
  agent_not_found: { status: 403, message: NO_PERMISSION },
  agent_disabled: { status: 400, message: 'The agent is disabled' },
  call_not_found: { status: 403, message: NO_PERMISSION },
  task_not_found: { status: 403, message: NO_PERMISSION },
  recording_not_found: { status: 403, message: NO_PERMISSION },
  key_not_found: { status: 403, message: NO_PERMISSION },
  text_not_found: { status: 403, message: NO_PERMISSION },
  document_not_found: { status: 403, message: NO_PERMISSION },
  session_not_found: { status: 403, message: NO_PERMISSION },
  route_not_found: { status: 403, message: NO_PERMISSION },
  trunk_not_found: { status: 403, message: NO_PERMISSION },
  phone_not_found: { status: 403, message: NO_PERMISSION },
  not_found: { status: 403, message: NO_PERMISSION },
  conflict: { status: 400, message: 'Conflict with the present state' },
  call_already_ended: { status: 400, message: 'The call has already ended' },
  no_common_codec: { status: 500, message: 'The far end offers no codec that is supported' },
  media_ports_exhausted: { status: 500, message: 'No media port is free' },
  capacity_exhausted: { status: 500, message: 'The server is at its capacity' },
  draining: { status: 500, message: 'The server is shutting down' },
  provider_failed: { status: 500, message: 'A speech or language provider failed' },
  signalling_unavailable: { status: 500, message: 'Signalling is unavailable' },
  outbound_not_configured: { status: 500, message: 'This server places no calls: no trunk takes them' },
  internal: { status: 500, message: 'Internal server error' },
} as const satisfies Record<ErrorCode, { status: number; message: string }>;

/** `{status: false, msg}`, and `{status: false, error}` for what failed here. */
export function presentFailure(failure: Failure): { status: number; body: object } {
  const { status, message } = TABLE[failure.code];
  const faults = failure.error.faults.map(({ field, message: reason }) => `${field}: ${reason}`);
  const text = status === 403 ? message : [failure.publicMessage ?? message, ...faults].join('; ');
  return { status, body: status === 500 ? { status: false, error: text } : { status: false, msg: text } };
}
