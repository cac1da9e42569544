import { type DestinationStream, destination, pino } from 'pino';
import type { Logger } from '../core/log.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Values under these names never reach a log, on the first two levels of a line's fields. */
const SECRET_NAMES = ['apiKey', 'api_key', 'adminKey', 'key', 'secret', 'password', 'token', 'authorization', 'pii'];

/**
 * Lines of JSON on standard error: standard output belongs to the ready line and to commands.
 *
 * Errors are logged by their own words, type, stack and verdict; other things hung on them (a provider's request with its
 * headers) are not. `pii` is where words and numbers of callers may stand, and is redacted.
 */
export function createLogger(level: LogLevel, stream: DestinationStream = destination({ fd: 2, sync: true })): Logger {
  const paths = SECRET_NAMES.flatMap((name) => [name, `*.${name}`]);
  return pino({ level, base: null, redact: { paths, censor: '[redacted]' }, serializers: { err: serializeError } }, stream);
}

/** Keys as they look in texts: ours, OpenAI's, and whatever follows `Bearer` or `api_key=`. */
const SECRET_IN_TEXT = /\bva_[\w-]{16,}|\bsk-[\w-]{8,}|(?<=\bBearer\s+)\S+|(?<=\bapi_key=)[^&\s"']+/gi;
const MAX_CAUSES = 5;
const MAX_TEXT_LENGTH = 8000;

const clean = (text: string): string => text.slice(0, MAX_TEXT_LENGTH).replace(SECRET_IN_TEXT, '[redacted]');

function serializeError(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return clean(String(thrown));
  const { code, provider, retryable, statusCode, requestId } = thrown as unknown as Record<string, unknown>;
  return {
    type: thrown.name,
    message: clean(thrown.message),
    ...scalars({ code, provider, retryable, statusCode, requestId }),
    stack: clean(thrown.stack ?? ''),
    ...(thrown.cause === undefined || depth === MAX_CAUSES ? {} : { cause: serializeError(thrown.cause, depth + 1) }),
  };
}

const scalars = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)));
