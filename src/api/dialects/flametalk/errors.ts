import type { ErrorCode } from '../../../core/errors.js';
import type { Failure } from '../../http/failure.js';

const TABLE = {
  invalid_request: { status: 400, code: 'VALIDATION_ERROR', message: 'Invalid parameters' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED', message: 'Invalid or missing API key' },
  forbidden: { status: 403, code: 'FORBIDDEN', message: 'The API key may not do this' },
  destination_not_allowed: { status: 403, code: 'DESTINATION_NOT_ALLOWED', message: 'This number may not be called' },
  call_limit_reached: { status: 429, code: 'CALL_LIMIT_REACHED', message: 'As many calls as may be placed have been placed' },
  key_limit_reached: {
    status: 429,
    code: 'CALL_LIMIT_REACHED',
    message: 'As many calls as the API key may place have been placed',
  },
  rate_limited: { status: 429, code: 'RATE_LIMITED', message: 'Rate limit exceeded' },
  agent_not_found: { status: 404, code: 'NOT_FOUND', message: 'Agent not found' },
  agent_limit_reached: { status: 409, code: 'CONFLICT', message: 'As many agents as there may be have been made' },
  agent_disabled: { status: 409, code: 'CONFLICT', message: 'The agent is disabled' },
  call_not_found: { status: 404, code: 'NOT_FOUND', message: 'Call not found' },
  task_not_found: { status: 404, code: 'NOT_FOUND', message: 'Task not found' },
  recording_not_found: { status: 404, code: 'NOT_FOUND', message: 'Recording not found' },
  key_not_found: { status: 404, code: 'NOT_FOUND', message: 'API key not found' },
  text_not_found: { status: 404, code: 'NOT_FOUND', message: 'Text not found' },
  document_not_found: { status: 404, code: 'NOT_FOUND', message: 'Document not found' },
  session_not_found: { status: 404, code: 'NOT_FOUND', message: 'Session not found' },
  route_not_found: { status: 404, code: 'NOT_FOUND', message: 'Route not found' },
  trunk_not_found: { status: 404, code: 'NOT_FOUND', message: 'Trunk not found' },
  phone_not_found: { status: 404, code: 'NOT_FOUND', message: 'Phone not found' },
  not_found: { status: 404, code: 'NOT_FOUND', message: 'Not found' },
  conflict: { status: 409, code: 'CONFLICT', message: 'Conflict with the present state' },
  call_already_ended: { status: 409, code: 'CALL_ENDED', message: 'The call has already ended' },
  no_common_codec: { status: 503, code: 'UNAVAILABLE', message: 'The far end offers no codec that is supported' },
  media_ports_exhausted: { status: 503, code: 'UNAVAILABLE', message: 'No media port is free' },
  capacity_exhausted: { status: 503, code: 'UNAVAILABLE', message: 'The server is at its capacity' },
  draining: { status: 503, code: 'UNAVAILABLE', message: 'The server is shutting down' },
  provider_failed: { status: 503, code: 'UNAVAILABLE', message: 'A speech or language provider failed' },
  signalling_unavailable: { status: 503, code: 'UNAVAILABLE', message: 'Signalling is unavailable' },
  outbound_not_configured: { status: 503, code: 'UNAVAILABLE', message: 'This server places no calls: no trunk takes them' },
  internal: { status: 500, code: 'INTERNAL_ERROR', message: 'Internal server error' },
} as const satisfies Record<ErrorCode, { status: number; code: string; message: string }>;

/** `{success: false, error: {code, message, details}}`; the details name the fields that are wrong. */
export function presentFailure(failure: Failure): { status: number; body: object } {
  const { status, code, message } = TABLE[failure.code];
  const { faults } = failure.error;
  const details = Object.fromEntries(faults.map(({ field, message: reason }) => [field, reason]));
  const error = { code, message: failure.publicMessage ?? message, details };
  return { status: failure.status ?? status, body: { success: false, error } };
}
