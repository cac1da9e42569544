import type { ErrorCode } from '../../../core/errors.js';
import type { Failure } from '../../http/failure.js';

const TABLE = {
  invalid_request: { status: 400, message: 'Invalid parameters' },
  unauthorized: { status: 401, message: 'Invalid or missing API key' },
  forbidden: { status: 403, message: 'The API key may not do this' },
  destination_not_allowed: { status: 403, message: 'This number may not be called' },
  call_limit_reached: { status: 429, message: 'As many calls as may be placed have been placed' },
  key_limit_reached: { status: 429, message: 'As many calls as the API key may place have been placed' },
  rate_limited: { status: 429, message: 'Rate limit exceeded' },
  agent_not_found: { status: 404, message: 'Agent not found' },
  agent_limit_reached: { status: 409, message: 'As many agents as there may be have been made' },
  agent_disabled: { status: 409, message: 'The agent is disabled' },
  call_not_found: { status: 404, message: 'Call not found' },
  task_not_found: { status: 404, message: 'Task not found' },
  recording_not_found: { status: 404, message: 'Recording not found' },
  key_not_found: { status: 404, message: 'API key not found' },
  text_not_found: { status: 404, message: 'Text not found' },
  document_not_found: { status: 404, message: 'Document not found' },
  session_not_found: { status: 404, message: 'Session not found' },
  route_not_found: { status: 404, message: 'Route not found' },
  trunk_not_found: { status: 404, message: 'Trunk not found' },
  phone_not_found: { status: 404, message: 'Phone not found' },
  not_found: { status: 404, message: 'Not found' },
  conflict: { status: 409, message: 'Conflict with the present state' },
  call_already_ended: { status: 409, message: 'The call has already ended' },
  no_common_codec: { status: 503, message: 'The far end offers no codec that is supported' },
  media_ports_exhausted: { status: 503, message: 'No media port is free' },
  capacity_exhausted: { status: 503, message: 'The server is at its capacity' },
  draining: { status: 503, message: 'The server is shutting down' },
  provider_failed: { status: 503, message: 'A speech or language provider failed' },
  signalling_unavailable: { status: 503, message: 'Signalling is unavailable' },
  outbound_not_configured: { status: 503, message: 'This server places no calls: no trunk takes them' },
  internal: { status: 500, message: 'Internal server error' },
} as const satisfies Record<ErrorCode, { status: number; message: string }>;

/** `{message, errors}`: the document says to look at the message; the errors name the fields that are wrong. */
export function presentFailure(failure: Failure): { status: number; body: object } {
  const { status, message } = TABLE[failure.code];
  const { faults } = failure.error;
  const errors = faults.map(({ field, message: reason }) => ({ field, message: reason }));
  return {
    status: failure.status ?? status,
    body: { message: failure.publicMessage ?? message, ...(errors.length > 0 && { errors }) },
  };
}
