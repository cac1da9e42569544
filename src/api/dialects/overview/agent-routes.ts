import { type Request, Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { AgentId } from '../../../core/ids.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { AgentCreate, AgentUpdate, PersonaBody } from './schema.js';
import { presentAgent, toAgentDraft, toAgentPatch, toPersonaPatch } from './translation.js';

export function agentRoutes(agents: AgentService): Router {
  const router = Router();
  const idOf = (req: Request<{ agentId: string }>): AgentId => req.params.agentId.toLowerCase() as AgentId;
  router.post('/', async (req, res) => {
    res.json(presentAgent(await agents.create(principalOf(res).tenantId, toAgentDraft(parseInput(AgentCreate, req.body)))));
  });
  router.get('/:agentId', async (req, res) => {
    res.json(presentAgent(await agents.get(principalOf(res).tenantId, idOf(req))));
  });
  router.put('/:agentId', async (req, res) => {
    const patch = toAgentPatch(parseInput(AgentUpdate, req.body));
    res.json(presentAgent(await agents.patch(principalOf(res).tenantId, idOf(req), patch)));
  });
  router.post('/:agentId/persona', async (req, res) => {
    const patch = toPersonaPatch(parseInput(PersonaBody, req.body));
    res.json(presentAgent(await agents.patch(principalOf(res).tenantId, idOf(req), patch)));
  });
  return router;
}
