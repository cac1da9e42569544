import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { AppError } from '../../core/errors.js';
import { type ProviderFault, providerFailed } from '../provider-error.js';
import type { Watchdog } from './watchdog.js';

/** One service of an OpenAI-compatible provider; each may live elsewhere. */
export type OpenAiServiceOptions = {
  /** Its name in the configuration. */
  provider?: string | undefined;
  /** Up to and including the version, e.g. `http://127.0.0.1:8000/v1`; OpenAI's own when absent. */
  baseUrl?: string | undefined;
  apiKey?: string | undefined;
  model: string;
  /** Longest wait for the answer to begin, and then for each next piece of it. */
  timeoutMs: number;
  /** Told the status of every answer, those that are tried again included. */
  onAnswer?: ((statusCode: number) => void) | undefined;
};

/** Whose fault it is. */
type Origin = Pick<ProviderFault, 'provider' | 'stage'>;

/** A caller is waiting: one second attempt is all there is time for. */
const MAX_RETRIES = 1;

/** Local servers need no key, but the client insists on one. */
const NO_KEY = 'none';

export const OPENAI_URL = 'https://api.openai.com/v1';

class OversizedAnswer extends Error {
  override readonly name = 'OversizedAnswer';
}

/** `maxAnswerBytes` bounds every response body, so that a server that never stops cannot fill the memory. */
export function createClient(options: OpenAiServiceOptions, maxAnswerBytes: number): OpenAI {
  return new OpenAI({
    apiKey: options.apiKey ?? NO_KEY,
    baseURL: options.baseUrl ?? OPENAI_URL,
    // Null keeps the client from taking these out of the environment of the process.
    organization: null,
    project: null,
    maxRetries: MAX_RETRIES,
    timeout: options.timeoutMs,
    // The client would log bodies that it cannot parse.
    logLevel: 'off',
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      options.onAnswer?.(response.status);
      return limited(response, maxAnswerBytes);
    },
  });
}

function limited(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let received = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      received += chunk.byteLength;
      if (received > maxBytes) controller.error(new OversizedAnswer(`more than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
}

/** Any failure of a request as `provider_failed`. The client's own errors hold headers and bodies, so they are not kept. */
export function failureOf(thrown: unknown, { provider, stage }: Origin, watchdog: Watchdog): AppError {
  if (thrown instanceof AppError) return thrown;
  const fault = (reason: ProviderFault['reason'], retryable: boolean, error?: APIError) =>
    providerFailed({
      provider,
      stage,
      reason,
      retryable,
      statusCode: error?.status,
      requestId: error?.requestID ?? undefined,
    });
  if (watchdog.expired || thrown instanceof APIConnectionTimeoutError) return fault('timeout', true);
  if (isOversized(thrown)) return fault('oversized', false);
  if (thrown instanceof APIConnectionError) return fault('unreachable', true);
  if (thrown instanceof APIError) {
    const status: number | undefined = thrown.status;
    return fault('refused', status === undefined || status === 408 || status === 409 || status === 429 || status >= 500, thrown);
  }
  if (thrown instanceof SyntaxError) return fault('malformed', false);
  // What remains is the connection breaking off in the middle of a body.
  return fault('interrupted', true);
}

/** The fault of an answer that arrived but is of no use. */
export function unusable(origin: Origin, reason: 'malformed' | 'empty' | 'oversized' | 'timeout'): AppError {
  const retryable = reason === 'timeout' || reason === 'empty';
  return providerFailed({ ...origin, reason, retryable, statusCode: undefined, requestId: undefined });
}

function isOversized(thrown: unknown): boolean {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (error instanceof OversizedAnswer) return true;
  }
  return false;
}
