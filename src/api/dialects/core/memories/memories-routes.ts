import { Router } from 'express';
import type { AgentId } from '../../../../core/ids.js';
import type { MemoryService } from '../../../../memory/memory-service.js';
import { parseInput } from '../../../http/parse.js';
import { principalOf } from '../../../http/request-context.js';
import { success, successPage } from '../envelope.js';
import { ForgetQuery, MemoriesQuery, presentMemory } from './memories-schema.js';

export function memoriesRouter(memories: MemoryService): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { contact, agent_id: agent, ...page } = parseInput(MemoriesQuery, req.query);
    const filter = { contact, agentId: agent?.toLowerCase() as AgentId | undefined };
    const { items, total } = await memories.list(principalOf(res).tenantId, filter, page);
    res.json(successPage(res, items.map(presentMemory), total, page));
  });
  router.delete('/', async (req, res) => {
    const { contact, agent_id: agent } = parseInput(ForgetQuery, req.query);
    const agentId = agent?.toLowerCase() as AgentId | undefined;
    res.json(success(res, { forgotten: await memories.forget(principalOf(res).tenantId, contact, agentId) }));
  });
  return router;
}
