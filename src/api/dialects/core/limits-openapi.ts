import type { ResponseConfig as AnyResponse, RouteConfig } from '@asteasolutions/zod-to-openapi';

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
