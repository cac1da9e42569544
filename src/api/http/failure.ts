import { AppError, type ErrorCode, toError } from '../../core/errors.js';

/** A failure as a dialect needs it: `status` is set where HTTP itself has one that says more than the code (413, 415, 416). */
export type Failure = {
  code: ErrorCode;
  status: number | undefined;
  publicMessage: string | undefined;
  error: AppError;
  headers: Readonly<Record<string, string>>;
};

/** What clients should wait who find no room; a load balancer has noticed by then. */
export const RETRY_AFTER_S = 10;
/** Failures that are over after a while. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['draining', 'capacity_exhausted', 'media_ports_exhausted']);

/** What Express, its body parser and its file sender throw carries `status`; these texts are ours, theirs may quote the input. */
const MESSAGES: Readonly<Record<number, string>> = {
  413: 'The body is too large',
  415: 'The body has an encoding that is not supported',
  416: 'The range asked for is not part of the file',
};

/** Every thrown value as something that can be presented. Nothing of an unexpected error leaves the process. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof AppError) {
    const { code, publicMessage, retryAfterMs = PASSING.has(code) ? RETRY_AFTER_S * 1000 : undefined } = thrown;
    const wait = retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) };
    return { code, status: undefined, publicMessage, error: thrown, headers: wait as Failure['headers'] };
  }
  const error = toError(thrown);
  const { status, type, headers } = error as { status?: unknown; type?: unknown; headers?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) {
    return failure('internal', undefined, undefined, error);
  }
  if (type === 'entity.parse.failed') return failure('invalid_request', undefined, 'The body is not valid JSON', error);
  const message = MESSAGES[status];
  if (message === undefined) return failure('invalid_request', undefined, 'The request cannot be understood', error);
  return { ...failure('invalid_request', status, message, error), headers: textHeaders(headers) };
}

function failure(code: ErrorCode, status: number | undefined, publicMessage: string | undefined, cause: Error): Failure {
  return { code, status, publicMessage, error: new AppError(code, cause.message, { cause }), headers: {} };
}

function textHeaders(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
}
