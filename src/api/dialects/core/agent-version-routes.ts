import { Router } from 'express';
import type { z } from 'zod';
import type { AgentService } from '../../../agents/agent-service.js';
import { AppError } from '../../../core/errors.js';
import type { AgentVersion } from '../../../domain/agent.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { presentAgent } from './agent-translation.js';
import { AgentDeploy, type AgentVersionResource, VersionParam } from './agent-version-schema.js';
import { success, successPage } from './envelope.js';
import { PageQuery } from './query-schema.js';

/** Below `/agents`. */
export function agentVersionsRouter(agents: AgentService): Router {
  const router = Router();
  router.get('/:id/versions', async (req, res) => {
    const page = parseInput(PageQuery, req.query);
    const { items, total } = await agents.versions(principalOf(res).tenantId, agentIdOf(req), page);
    res.json(successPage(res, items.map(presentVersion), total, page));
  });
  router.post('/:id/deploy', async (req, res) => {
    const { version, label } = parseInput(AgentDeploy, req.body ?? {});
    const chosen = { ...(version !== undefined && { version }), ...(label !== undefined && { label }) };
    res.json(success(res, presentAgent(await agents.deploy(principalOf(res).tenantId, agentIdOf(req), chosen))));
  });
  router.post('/:id/versions/:version/restore', async (req, res) => {
    const version = VersionParam.safeParse(req.params.version);
    if (!version.success) throw new AppError('not_found', 'no version of that number');
    const agent = await agents.deploy(principalOf(res).tenantId, agentIdOf(req), { version: version.data });
    res.json(success(res, presentAgent(agent)));
  });
  return router;
}

const presentVersion = (it: AgentVersion): z.input<typeof AgentVersionResource> => ({
  version: it.version,
  name: it.name,
  label: it.label ?? null,
  live: it.live,
  created_at: new Date(it.createdAtMs).toISOString(),
  deployed_at: it.deployedAtMs === undefined ? null : new Date(it.deployedAtMs).toISOString(),
});
