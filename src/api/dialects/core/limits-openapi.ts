import type { ResponseConfig as AnyResponse, OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { RESOURCES } from '../../../domain/principal.js';
import { isManaged, neededPermission } from '../../http/access/require-permission.js';
import { MAX_IDEMPOTENCY_KEY_LENGTH } from '../../http/idempotency.js';
import { failures } from './openapi-parts.js';

const IDEMPOTENCY =
  'Visible ASCII characters of your choosing, for this path and your API key. The same body with the same key within 24 hours gets the first ' +
  'answer again, byte for byte, with `Idempotent-Replayed: true`; that holds for refusals too, but not for answers of 500 and above, ' +
  'after which the request is made anew. Another body gets 409, and so does a request while the first one is under way (with `Retry-After`) ' +
  'or when the server was stopped over it (then look whether it was done).';

const IdempotencyKey = z.object({
  'Idempotency-Key': z.string().min(1).max(MAX_IDEMPOTENCY_KEY_LENGTH).optional().meta({ description: IDEMPOTENCY }),
});

/** The route with the refusal of those who may not, naming what a key or a role must allow. */
export function withPermission(route: RouteConfig): RouteConfig {
  const resource = RESOURCES.find((name) => name === route.path.split('/')[1]);
  if (!resource) return route;
  const needed = `\`${neededPermission(resource, route.method)}\``;
  const description = `Insufficient permissions: ${isManaged(resource) ? 'not for API keys, and a role needs' : 'needs the scope'} ${needed}`;
  return { ...route, responses: { ...route.responses, 403: { ...failures(403)[403], description } } };
}

/** A POST may carry a key that makes it happen once. */
export function withIdempotencyKey(route: RouteConfig): RouteConfig {
  return route.method === 'post' && !route.path.startsWith('/auth/')
    ? { ...route, request: { headers: IdempotencyKey, ...route.request } }
    : route;
}

const integer = (description: string) => ({ description, schema: { type: 'integer' as const } });
const text = (description: string, schema: object = {}) => ({ description, schema: { type: 'string' as const, ...schema } });

/** Components of the document, for they stand with every answer. */
const HEADERS = {
  'X-RateLimit-Limit': integer('Requests that the key may make in a minute.'),
  'X-RateLimit-Remaining': integer('Requests left in the present window.'),
  'X-RateLimit-Reset': integer('When the window ends, in seconds of Unix time.'),
  'X-Request-Id': text('Names this request in our logs: the one that was sent, or one that was made.'),
  'Idempotent-Replayed': text('The answer is that of an earlier request with the same `Idempotency-Key`.', { const: 'true' }),
  'Retry-After': integer('Seconds until a request may succeed.'),
  'WWW-Authenticate': text('How to authenticate.', { const: 'Bearer' }),
};
type HeaderName = keyof typeof HEADERS;
type Reference = { $ref: string };

const REQUEST_ID = {
  name: 'X-Request-Id',
  in: 'header' as const,
  description: 'Of your choosing, to find the request in our logs: up to 128 letters, digits and any of `_ . : -`.',
  schema: { type: 'string' as const, maxLength: 128 },
};
const REQUEST_ID_NAME = 'RequestId';

/** To be called once, before `withCommon`. */
export function registerCommon(registry: OpenAPIRegistry): void {
  for (const [name, header] of Object.entries(HEADERS)) registry.registerComponent('headers', name, header);
  registry.registerComponent('parameters', REQUEST_ID_NAME, REQUEST_ID);
}

/** Headers of this dialect are references; the library would take a schema in their place. */
type ResponseConfig = Omit<AnyResponse, 'headers'> & { headers?: Record<string, Reference> };

const headers = (...names: HeaderName[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The route with what holds for every route: its name, the request id, the limit on requests and the general refusals. */
export function withCommon(route: RouteConfig): RouteConfig {
  const takesBody = route.method !== 'get';
  const general = failures(400, 401, 429, 500, ...(takesBody ? [413, 415] : []), ...(route.method === 'post' ? [409] : []));
  const responses = Object.entries({ ...general, ...route.responses } as Record<string, ResponseConfig>);
  const { body } = route.request ?? {};
  const withHeaders = responses.map(([status, response]): [string, ResponseConfig] => [
    status,
    { ...response, headers: { ...headersOf(route.method, status), ...response.headers } },
  ]);
  return {
    ...route,
    operationId: operationIdOf(route),
    parameters: [{ $ref: `#/components/parameters/${REQUEST_ID_NAME}` }],
    ...(body ? { request: { ...route.request, body: { required: true, ...body } } } : {}),
    responses: Object.fromEntries(withHeaders),
  };
}

function headersOf(method: string, status: string): Record<string, Reference> {
  return {
    ...headers('X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'),
    ...(status === '401' ? headers('WWW-Authenticate') : {}),
    ...(status === '429' || status === '503' || (status === '409' && method === 'post') ? headers('Retry-After') : {}),
    ...(method === 'post' && Number(status) < 500 ? headers('Idempotent-Replayed') : {}),
  };
}

/** `postTasksByIdExecute`: clients are generated with these names, so they follow from the route alone. */
function operationIdOf({ method, path }: RouteConfig): string {
  const words = path
    .split('/')
    .filter(Boolean)
    .map((segment) => (segment.startsWith('{') ? `by-${segment.slice(1, -1)}` : segment).split(/[-_.]/));
  return (
    method +
    words
      .flat()
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('')
  );
}
