import { Router } from 'express';
import { RouteCreate, RoutePatchBody, RouteTestBody } from '../../../routes/route-input.js';
import type { RouteService } from '../../../routes/route-service.js';
import type { RouteTester } from '../../../routes/route-tester.js';
import { presentRoute } from '../../../routes/route-translation.js';
import { parseInput } from '../../http/parse.js';
import { routeIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { RoutesQuery } from './query-schema.js';

export function routesRouter({ routes, routeTester }: { routes: RouteService; routeTester: RouteTester }): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(RoutesQuery, req.query);
    const { items, total } = await routes.list(principalOf(res).tenantId, page);
    res.json(successPage(res, items.map(presentRoute), total, page));
  });
  router.post('/', async (req, res) => {
    const route = await routes.create(principalOf(res).tenantId, parseInput(RouteCreate, req.body));
    res.status(201).json(success(res, presentRoute(route)));
  });
  router.post('/test', async (req, res) => {
    res.json(success(res, await routeTester.test(principalOf(res).tenantId, parseInput(RouteTestBody, req.body))));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentRoute(await routes.get(principalOf(res).tenantId, routeIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const changes = parseInput(RoutePatchBody, req.body);
    res.json(success(res, presentRoute(await routes.patch(principalOf(res).tenantId, routeIdOf(req), changes))));
  });
  router.delete('/:id', async (req, res) => {
    const id = routeIdOf(req);
    await routes.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
