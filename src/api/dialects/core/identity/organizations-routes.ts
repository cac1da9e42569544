import { Router } from 'express';
import type { OrganizationService } from '../../../../identity/organization-service.js';
import { sessionOf } from '../../../http/access/require-permission.js';
import { parseInput } from '../../../http/parse.js';
import { tenantIdOf } from '../../../http/path-id.js';
import { success, successPage } from '../envelope.js';
import { PageQuery } from '../query-schema.js';
import { OrganizationCreate, OrganizationPatchBody, presentOrganization, toOrganizationPatch } from './organization-schema.js';

/** All that somebody belongs to; only the one they work in can be changed. */
export function organizationsRouter(organizations: OrganizationService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const all = await organizations.list(sessionOf(res));
    const items = all.slice(page.offset, page.offset + page.limit).map(presentOrganization);
    res.json(successPage(res, items, all.length, page));
  });
  router.post('/', async (req, res) => {
    const { name, cors_origins: corsOrigins } = parseInput(OrganizationCreate, req.body);
    const created = await organizations.create(sessionOf(res), { name, corsOrigins });
    res.status(201).json(success(res, presentOrganization(created)));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentOrganization(await organizations.get(sessionOf(res), tenantIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toOrganizationPatch(parseInput(OrganizationPatchBody, req.body));
    const patched = await organizations.patch(sessionOf(res), tenantIdOf(req), patch);
    res.json(success(res, presentOrganization(patched)));
  });
  return router;
}
