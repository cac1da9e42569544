import type { OpenAPIRegistry, RouteConfig } from '@asteasolutions/zod-to-openapi';
import { CSRF_HEADER } from '../../../http/access/session-access.js';
import { SESSION_COOKIE } from '../../../http/access/session-cookie.js';

type Security = Record<string, string[]>[];

const BY_KEY: Security = [{ bearer: [] }, { apiKeyQuery: [] }];
export const BY_SESSION: Security = [{ session: [] }];
/** What changes something has to say the token beside the cookie. */
export const BY_SESSION_CHANGING: Security = [{ session: [], csrf: [] }];

export const sessionSecurity = (method: string): Security => (method === 'get' ? BY_SESSION : BY_SESSION_CHANGING);

/** A route says itself who may, or is open to keys and sessions alike. */
export const securityOf = (route: RouteConfig): Security => route.security ?? [...BY_KEY, ...sessionSecurity(route.method)];

export function describeSecurity(registry: OpenAPIRegistry): void {
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'va_…' });
  registry.registerComponent('securitySchemes', 'apiKeyQuery', { type: 'apiKey', in: 'query', name: 'api_key' });
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: 'Set by POST /api/v1/auth/login. For pages of this server: it is refused with the Origin of another site.',
  });
  registry.registerComponent('securitySchemes', 'csrf', {
    type: 'apiKey',
    in: 'header',
    name: CSRF_HEADER,
    description: 'The `csrf_token` that logging in and GET /api/v1/auth/me answer with.',
  });
}
