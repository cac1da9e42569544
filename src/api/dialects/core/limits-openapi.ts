import type { ResponseConfig as AnyResponse, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { SCOPED_RESOURCES } from '../../../domain/api-key.js';
import { MAX_IDEMPOTENCY_KEY_LENGTH } from '../../http/idempotency.js';
import { neededScope } from '../../http/require-scope.js';

const IDEMPOTENCY =
  'Visible ASCII characters of your choosing, for this path and your API key. The same body with the same key within 24 hours gets the first ' +
  'answer again, byte for byte, with `Idempotent-Replayed: true`; that holds for refusals too, but not for answers of 500 and above, ' +
  'after which the request is made anew. Another body gets 409, and so does a request while the first one is under way (with `Retry-After`) ' +
  'or when the server was stopped over it (then look whether it was done).';

const IdempotencyKey = z.object({
  'Idempotency-Key': z.string().min(1).max(MAX_IDEMPOTENCY_KEY_LENGTH).optional().meta({ description: IDEMPOTENCY }),
});

/** The route with the refusal of keys that were not made for it, naming the scope it needs. */
export function withScope(route: RouteConfig, refused: ResponseConfig): RouteConfig {
  const resource = SCOPED_RESOURCES.find((name) => name === route.path.split('/')[1]);
  if (!resource) return route;
  const description = `${refused.description}: needs the scope \`${neededScope(resource, route.method)}\``;
  return { ...route, responses: { ...route.responses, 403: { ...refused, description } } };
}

/** A POST may carry a key that makes it happen once. */
export function withIdempotencyKey(route: RouteConfig): RouteConfig {
  return route.method === 'post' ? { ...route, request: { headers: IdempotencyKey, ...route.request } } : route;
}

const integer = (description: string) => ({ description, schema: { type: 'integer' as const } });

/** Headers of this dialect are plain objects; the library would take a schema in their place. */
type ResponseConfig = Omit<AnyResponse, 'headers'> & { headers?: Record<string, ReturnType<typeof integer>> };

const RATE_LIMIT_HEADERS = {
  'X-RateLimit-Limit': integer('Requests that the key may make in a minute.'),
  'X-RateLimit-Remaining': integer('Requests left in the present window.'),
  'X-RateLimit-Reset': integer('When the window ends, in seconds of Unix time.'),
};

/** The route with what holds for every route: the headers of the rate limit, and the refusal of one request too many. */
export function underRateLimit(route: RouteConfig, refused: ResponseConfig): RouteConfig {
  const counted = ([status, response]: [string, ResponseConfig]): [string, ResponseConfig] => [
    status,
    { ...response, headers: { ...RATE_LIMIT_HEADERS, ...response.headers } },
  ];
  const responses = { ...route.responses, 429: withRetryAfter(refused) } as Record<string, ResponseConfig>;
  return { ...route, responses: Object.fromEntries(Object.entries(responses).map(counted)) };
}

const withRetryAfter = (response: ResponseConfig): ResponseConfig => ({
  ...response,
  headers: { 'Retry-After': integer('Seconds until a request may succeed.') },
});
