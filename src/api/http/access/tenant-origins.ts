import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../../core/errors.js';
import type { TenantId } from '../../../core/ids.js';
import type { WebOrigins } from '../../../domain/agent.js';
import type { OrganizationService } from '../../../identity/organization-service.js';
import { principalOf } from '../request-context.js';
import type { OriginHeaders, Site } from './site.js';

export type OriginRules = {
  corsOrigins: readonly string[];
  organizations: OrganizationService;
  site: Site;
};

/**
 * Refuses pages of sites that neither the server nor the organisation names whose key they use. To stand after authentication.
 *
 * A browser asks beforehand without a key; it is answered for every site that any organisation names, so this is what counts.
 */
export function tenantOrigins(rules: OriginRules): RequestHandler {
  return async (req, res, next) => {
    await demandOrigin(req, res, rules);
    next();
  };
}

/**
 * As `tenantOrigins`; of an agent that keeps a list of its own, that list alone counts.
 *
 * @throws AppError `forbidden`
 */
export async function demandOrigin(req: Request, res: Response, rules: OriginRules, own?: WebOrigins): Promise<void> {
  if (await admitsOrigin(req, principalOf(res).tenantId, rules, own)) return;
  res.removeHeader('Access-Control-Allow-Origin');
  throw new AppError('forbidden', 'origin of no use to this tenant', {
    publicMessage: `Pages of this origin may not use the API: the ${own?.enforced ? 'agent' : 'organisation'} does not list it in cors_origins`,
  });
}

/** Whether `demandOrigin` lets it past. */
export async function admitsOrigin(req: OriginHeaders, tenant: TenantId, rules: OriginRules, own?: WebOrigins): Promise<boolean> {
  const { corsOrigins, organizations, site } = rules;
  if (!site.isForeign(req)) return true;
  const origin = req.get('origin') ?? '';
  if (own?.enforced) return own.origins.includes(origin);
  return corsOrigins.includes('*') || corsOrigins.includes(origin) || (await organizations.allowsOrigin(origin, tenant));
}
