import { Router } from 'express';
import { TrunkCreate, TrunkPatchBody } from '../../../trunks/trunk-input.js';
import type { TrunkService } from '../../../trunks/trunk-service.js';
import { presentStatus, presentTrunk } from '../../../trunks/trunk-translation.js';
import { parseInput } from '../../http/parse.js';
import { trunkIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { success, successPage } from './envelope.js';
import { TrunksQuery } from './query-schema.js';

export function trunksRouter(trunks: TrunkService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const page = parseInput(TrunksQuery, req.query);
    const { items, total } = await trunks.list(principalOf(res).tenantId, page);
    res.json(successPage(res, items.map(presentTrunk), total, page));
  });
  router.post('/', async (req, res) => {
    const trunk = await trunks.create(principalOf(res).tenantId, parseInput(TrunkCreate, req.body));
    res.status(201).json(success(res, presentTrunk(trunk)));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentTrunk(await trunks.get(principalOf(res).tenantId, trunkIdOf(req)))));
  });
  router.get('/:id/status', async (req, res) => {
    const id = trunkIdOf(req);
    res.json(success(res, presentStatus(id, await trunks.status(principalOf(res).tenantId, id))));
  });
  router.patch('/:id', async (req, res) => {
    const changes = parseInput(TrunkPatchBody, req.body);
    res.json(success(res, presentTrunk(await trunks.patch(principalOf(res).tenantId, trunkIdOf(req), changes))));
  });
  router.delete('/:id', async (req, res) => {
    const id = trunkIdOf(req);
    await trunks.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
