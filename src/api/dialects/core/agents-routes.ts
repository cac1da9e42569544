import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { AgentCreate, AgentPatchBody } from './agent-schema.js';
import { presentAgent, toDraft, toPatch } from './agent-translation.js';
import { success, successPage } from './envelope.js';
import { AgentsQuery } from './query-schema.js';

export function agentsRouter(agents: AgentService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { enabled, limit, offset } = parseInput(AgentsQuery, req.query);
    const page = { limit, offset };
    const { items, total } = await agents.list(principalOf(res).tenantId, { enabled }, page);
    res.json(successPage(res, items.map(presentAgent), total, page));
  });
  router.post('/', async (req, res) => {
    const draft = toDraft(parseInput(AgentCreate, req.body));
    agents.demandSound(draft.backgroundSound);
    const agent = await agents.create(principalOf(res).tenantId, draft);
    res.status(201).json(success(res, presentAgent(agent)));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentAgent(await agents.get(principalOf(res).tenantId, agentIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toPatch(parseInput(AgentPatchBody, req.body));
    agents.demandSound(patch.backgroundSound);
    res.json(success(res, presentAgent(await agents.patch(principalOf(res).tenantId, agentIdOf(req), patch))));
  });
  router.delete('/:id', async (req, res) => {
    const id = agentIdOf(req);
    await agents.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  return router;
}
