import type { ErrorCode } from '../../../core/errors.js';
import type { Failure } from '../../http/failure.js';

/** The document has 401, 404, 422 and 503; the rest is what HTTP has for it. */
const TABLE = {
  invalid_request: { status: 422, detail: 'Invalid parameters' },
  unauthorized: { status: 401, detail: 'Invalid or missing API key' },
  forbidden: { status: 403, detail: 'The API key may not do this' },
  destination_not_allowed: { status: 422, detail: 'This number may not be called' },
  call_limit_reached: { status: 503, detail: 'As many calls as may be placed have been placed' },
  key_limit_reached: { status: 503, detail: 'As many calls as the API key may place have been placed' },
  rate_limited: { status: 429, detail: 'Rate limit exceeded' },
  agent_not_found: { status: 404, detail: 'Agent not found' },
  agent_limit_reached: { status: 503, detail: 'As many agents as there may be have been made' },
  agent_disabled: { status: 503, detail: 'The agent is disabled' },
  call_not_found: { status: 404, detail: 'Call not found' },
  task_not_found: { status: 404, detail: 'Task not found' },
  recording_not_found: { status: 404, detail: 'Recording not found' },
  key_not_found: { status: 404, detail: 'API key not found' },
  text_not_found: { status: 404, detail: 'Text not found' },
  document_not_found: { status: 404, detail: 'Document not found' },
  session_not_found: { status: 404, detail: 'Session not found' },
  route_not_found: { status: 404, detail: 'Route not found' },
  trunk_not_found: { status: 404, detail: 'Trunk not found' },
  phone_not_found: { status: 404, detail: 'Phone not found' },
  not_found: { status: 404, detail: 'Not found' },
  conflict: { status: 422, detail: 'Conflict with the present state' },
  call_already_ended: { status: 422, detail: 'The call has already ended' },
  no_common_codec: { status: 503, detail: 'The far end offers no codec that is supported' },
  media_ports_exhausted: { status: 503, detail: 'No media port is free' },
  capacity_exhausted: { status: 503, detail: 'The server is at its capacity' },
  draining: { status: 503, detail: 'The server is shutting down' },
  provider_failed: { status: 503, detail: 'A speech or language provider failed' },
  signalling_unavailable: { status: 503, detail: 'Signalling is unavailable' },
  outbound_not_configured: { status: 503, detail: 'This server places no calls: no trunk takes them' },
  internal: { status: 503, detail: 'Internal server error' },
} as const satisfies Record<ErrorCode, { status: number; detail: string }>;

/** `{detail, errors}`; the errors name the fields that are wrong. Too large and of the wrong type are invalid here, as the document has it. */
export function presentFailure(failure: Failure): { status: number; body: object } {
  const { status, detail } = TABLE[failure.code];
  const { faults } = failure.error;
  const errors = faults.map(({ field, message }) => ({ field, message }));
  return {
    status,
    body: { detail: failure.publicMessage ?? detail, ...(errors.length > 0 && { errors }) },
  };
}
