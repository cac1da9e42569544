import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { waterfallOf } from '../../../domain/turn-waterfall.js';
import { parseInput } from '../../http/parse.js';
import { agentIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';
import { success } from './envelope.js';
import { LatencyQuery, LatencyResource, presentLatency } from './latency-schema.js';
import { failures, Id, json, one } from './openapi-parts.js';

const MOST_TURNS = 10_000;

/** Where the time of an agent's turns goes; to be mounted where the agents are. */
export function latencyRouter({ agents, calls }: { agents: AgentService; calls: CallRepository }): Router {
  const router = Router();
  router.get('/:id/latency', async (req, res) => {
    const { since } = parseInput(LatencyQuery, req.query);
    const { tenantId } = principalOf(res);
    const { id } = await agents.get(tenantId, agentIdOf(req));
    const sinceMs = since === undefined ? 0 : Date.parse(since);
    const turns = await calls.measuredTurns(tenantId, id, { sinceMs, limit: MOST_TURNS });
    res.json(success(res, presentLatency(id, since, waterfallOf(turns))));
  });
  return router;
}

export const LATENCY_ROUTES: readonly RouteConfig[] = [
  {
    method: 'get',
    path: '/agents/{id}/latency',
    tags: ['Agents'],
    summary: "Where the time of the agent's turns goes: each stage, and each provider",
    request: { params: Id, query: LatencyQuery },
    responses: { 200: { description: 'The spread of its turns', ...json(one(LatencyResource)) }, ...failures(400, 401, 404) },
  },
];
