import { type Request, type Response, Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { Agent } from '../../../domain/agent.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { AgentCreate, AgentDeploy, AgentPatchBody, AgentRollback, AgentsQuery } from './agent-schema.js';
import { presentAgent, presentSummary, presentVersion, toDraft, toPatch, versionOf } from './agent-translation.js';
import { success, successPage } from './envelope.js';
import { PageQuery } from './fields.js';

export function agentsRouter(agents: AgentService): Router {
  const router = Router();

  const sendOne = async (res: Response, agent: Agent, status = 200): Promise<void> => {
    const labels = await agents.liveLabels(agent.tenantId, [agent]);
    res.status(status).json(success(presentAgent(agent, labels.get(agent.id))));
  };

  router.get('/', async (req, res) => {
    const { enabled, ...page } = parseInput(AgentsQuery, req.query);
    const { tenantId } = principalOf(res);
    const { items, total } = await agents.list(tenantId, { enabled }, page);
    const labels = await agents.liveLabels(tenantId, items);
    const presented = items.map((agent) => presentSummary(agent, labels.get(agent.id)));
    res.json(successPage(presented, total, page));
  });
  router.post('/', async (req, res) => {
    await sendOne(res, await agents.create(principalOf(res).tenantId, toDraft(parseInput(AgentCreate, req.body))), 201);
  });
  router.get('/:id', async (req, res) => {
    await sendOne(res, await agents.get(principalOf(res).tenantId, agentIdOf(req)));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toPatch(parseInput(AgentPatchBody, req.body));
    await sendOne(res, await agents.patch(principalOf(res).tenantId, agentIdOf(req), patch));
  });
  router.delete('/:id', async (req, res) => {
    const id = agentIdOf(req);
    await agents.delete(principalOf(res).tenantId, id);
    res.json(success({ id, deleted: true }));
  });
  router.get('/:id/versions', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await agents.versions(principalOf(res).tenantId, agentIdOf(req), page);
    res.json(successPage(items.map(presentVersion), total, page));
  });
  router.post('/:id/deploy', async (req, res) => {
    const { version_id: id, version_label: label } = parseInput(AgentDeploy, req.body ?? {});
    const chosen = { ...(id !== undefined && { version: versionOf(id) }), ...(label !== undefined && { label }) };
    await sendOne(res, await agents.deploy(principalOf(res).tenantId, agentIdOf(req), chosen));
  });
  router.post('/:id/rollback', async (req, res) => {
    const { version_id: id } = parseInput(AgentRollback, req.body ?? {});
    await sendOne(res, await rolledBack(req, res, id));
  });
  return router;

  function rolledBack(req: Request<{ id: string }>, res: Response, id: string | undefined): Promise<Agent> {
    const { tenantId } = principalOf(res);
    if (id === undefined) return agents.rollBack(tenantId, agentIdOf(req));
    return agents.deploy(tenantId, agentIdOf(req), { version: versionOf(id) });
  }
}
