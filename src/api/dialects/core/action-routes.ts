import { type Request, Router } from 'express';
import { z } from 'zod';
import { ActionCreate, ActionPatchBody, configSchemaOf } from '../../../actions/action-input.js';
import type { ActionService } from '../../../actions/action-service.js';
import type { ActionId } from '../../../core/ids.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { presentAction } from './action-translation.js';
import { success } from './envelope.js';

type OneAction = Request<{ id: string; actionId: string }>;
const actionIdOf = (req: OneAction): ActionId => req.params.actionId.toLowerCase() as ActionId;

/** Below `/agents`. */
export function actionsRouter(actions: ActionService): Router {
  const router = Router();
  router.get('/:id/actions', async (req, res) => {
    const found = await actions.list(principalOf(res).tenantId, agentIdOf(req));
    res.json(success(res, found.map(presentAction)));
  });
  router.post('/:id/actions', async (req, res) => {
    const action = await actions.create(principalOf(res).tenantId, agentIdOf(req), parseInput(ActionCreate, req.body));
    res.status(201).json(success(res, presentAction(action)));
  });
  router.get('/:id/actions/:actionId', async (req: OneAction, res) => {
    res.json(success(res, presentAction(await actions.get(principalOf(res).tenantId, agentIdOf(req), actionIdOf(req)))));
  });
  router.patch('/:id/actions/:actionId', async (req: OneAction, res) => {
    const { tenantId } = principalOf(res);
    const changes = parseInput(ActionPatchBody, req.body);
    const { type } = await actions.get(tenantId, agentIdOf(req), actionIdOf(req));
    const config = parseInput(z.object({ config: configSchemaOf(type).optional() }), { config: changes.config });
    const changed = await actions.patch(tenantId, agentIdOf(req), actionIdOf(req), { ...changes, ...config });
    res.json(success(res, presentAction(changed)));
  });
  router.delete('/:id/actions/:actionId', async (req: OneAction, res) => {
    const id = actionIdOf(req);
    await actions.delete(principalOf(res).tenantId, agentIdOf(req), id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
