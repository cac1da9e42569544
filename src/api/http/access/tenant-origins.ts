import type { RequestHandler } from 'express';
import { AppError } from '../../../core/errors.js';
import type { OrganizationService } from '../../../identity/organization-service.js';
import { principalOf } from '../request-context.js';
import type { Site } from './site.js';

/**
 * Refuses pages of sites that neither the server nor the organisation names whose key they use. To stand after authentication.
 *
 * A browser asks beforehand without a key; it is answered for every site that any organisation names, so this is what counts.
 */
export function tenantOrigins(options: {
  corsOrigins: readonly string[];
  organizations: OrganizationService;
  site: Site;
}): RequestHandler {
  const { corsOrigins, organizations, site } = options;
  return async (req, res, next) => {
    const origin = req.get('origin') ?? '';
    const admitted =
      !site.isForeign(req) ||
      corsOrigins.includes('*') ||
      corsOrigins.includes(origin) ||
      (await organizations.allowsOrigin(origin, principalOf(res).tenantId));
    if (!admitted) {
      res.removeHeader('Access-Control-Allow-Origin');
      throw new AppError('forbidden', 'origin of no use to this tenant', {
        publicMessage: 'Pages of this origin may not use the API: the organisation does not list it in cors_origins',
      });
    }
    next();
  };
}
