import { type Request, Router } from 'express';
import type { ActionService } from '../../../actions/action-service.js';
import type { Action } from '../../../domain/action.js';
import type { Agent } from '../../../domain/agent.js';
import { requirePermission } from '../../http/access/require-permission.js';
import { parseInput } from '../../http/parse.js';
import { ActionPayload, NewAction } from './action-schema.js';
import { presentAction, toAction, toChanges } from './action-translation.js';
import { success } from './envelope.js';
import { PathId } from './fields.js';
import { payloadOf } from './payload.js';
import type { Workspace } from './workspace.js';

export function actionsRouter(workspace: Workspace, actions: ActionService): Router {
  const router = Router();
  const agentsOnly = requirePermission('agents');
  const idOf = (req: Request<{ id: string }>): number => Number(parseInput(PathId, req.params.id));
  const present = async (action: Action, { customFields }: Agent) => {
    const [id, agentId] = await Promise.all([
      workspace.numberOf(action.tenantId, 'action', action.id),
      workspace.numberOf(action.tenantId, 'agent', action.agentId),
    ]);
    return success(presentAction(action, { id, agentId }, customFields));
  };
  router.post('/create-action', agentsOnly, async (req, res) => {
    const payload = parseInput(NewAction, payloadOf(req.body));
    const agent = await workspace.agent(req, res, payload.agentId);
    const action = await actions.create(agent.tenantId, agent.id, toAction(payload, agent.customFields));
    res.json(await present(action, agent));
  });
  router.post('/update-action/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const payload = parseInput(ActionPayload, payloadOf(req.body));
    const { agent, id } = await workspace.action(req, res, idOf(req));
    const before = await actions.get(agent.tenantId, agent.id, id);
    const changed = await actions.patch(agent.tenantId, agent.id, id, toChanges(payload, before, agent.customFields));
    res.json(await present(changed, agent));
  });
  router.delete('/delete-action/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { agent, id } = await workspace.action(req, res, idOf(req));
    const action = await actions.get(agent.tenantId, agent.id, id);
    const answer = await present(action, agent);
    await actions.delete(agent.tenantId, agent.id, id);
    res.json(answer);
  });
  return router;
}
