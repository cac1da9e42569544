/** Every way an expected failure can be named. Each dialect maps all of them; the compiler finds the one that forgot. */
export const ERROR_CODES = [
  'invalid_request',
  'unauthorized',
  'forbidden',
  'destination_not_allowed',
  'call_limit_reached',
  'key_limit_reached',
  'rate_limited',
  'agent_not_found',
  'agent_disabled',
  'agent_limit_reached',
  'call_not_found',
  'task_not_found',
  'recording_not_found',
  'key_not_found',
  'trunk_not_found',
  'route_not_found',
  'phone_not_found',
  'text_not_found',
  'document_not_found',
  'session_not_found',
  'not_found',
  'conflict',
  'call_already_ended',
  'no_common_codec',
  'media_ports_exhausted',
  'capacity_exhausted',
  'draining',
  'provider_failed',
  'signalling_unavailable',
  'outbound_not_configured',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One fault of an input: where it lies (`voice_settings.stability`) and what is wrong with it. */
export type FieldFault = { field: string; message: string };

/** An expected failure. `message` is for logs; only `publicMessage` and `faults` may leave the process. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly publicMessage: string | undefined;
  readonly faults: readonly FieldFault[];
  /** When the same may succeed, where that is known. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; publicMessage?: string; faults?: readonly FieldFault[]; retryAfterMs?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.publicMessage = options.publicMessage;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Any thrown value as an `Error`, so that logs and causes are never a bare string. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
