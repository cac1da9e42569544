import { type Request, Router } from 'express';
import { z } from 'zod';
import type { ActionService } from '../../../actions/action-service.js';
import type { AgentService } from '../../../agents/agent-service.js';
import type { DocumentService } from '../../../documents/document-service.js';
import { MAX_DOCUMENTS_PER_AGENT } from '../../../domain/document.js';
import type { CallFigures } from '../../../domain/ports/call-figures.js';
import { origins } from '../../../identity/identity-input.js';
import type { TrunkService } from '../../../trunks/trunk-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
import { parseInput } from '../../http/parse.js';
import { presentAction } from './action-translation.js';
import { AgentPayload, CorsResource } from './agent-schema.js';
import { presentCors, toDraft, toPatch } from './agent-translation.js';
import { seconds } from './call-presentation.js';
import { success } from './envelope.js';
import { PathId } from './fields.js';
import { presentDocument } from './knowledge-routes.js';
import { NumberListParams, presentNumbers, presentUsed } from './number-list.js';
import { payloadOf } from './payload.js';
import type { Workspace } from './workspace.js';

export type AgentsRouterOptions = {
  agents: AgentService;
  actions: ActionService;
  documents: DocumentService;
  trunks: TrunkService;
  callFigures: CallFigures;
};

export const CorsBody = z.object({ data: CorsResource });

const idOf = (req: Request<{ id: string }>): number => Number(parseInput(PathId, req.params.id));

export function agentsRouter(workspace: Workspace, options: AgentsRouterOptions): Router {
  const { agents, trunks } = options;
  const router = Router();
  const agentsOnly = requirePermission('agents');
  router.get('/number-list/:id/:agentType', requirePermission('trunks'), async (req, res) => {
    const { id, agentType } = parseInput(NumberListParams, req.params);
    const tenant = await workspace.tenant(req, res, Number(id));
    const data = presentNumbers(await trunks.numbers(tenant), agentType);
    res.json({ ...success(data), agentNumMap: presentUsed(await agents.all(tenant), agentType) });
  });
  router.post('/create', agentsOnly, async (req, res) => {
    const payload = parseInput(AgentPayload, payloadOf(req.body));
    const tenant = await workspace.tenant(req, res, payload.workspaceId);
    res.json(success(await workspace.present(await agents.create(tenant, toDraft(payload)))));
  });
  router.get('/get-all/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    res.json(success(await workspace.agentList(await workspace.tenant(req, res, idOf(req)))));
  });
  router.get('/get-one/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const agent = await workspace.agent(req, res, idOf(req));
    res.json(success(await presentOne(agent, workspace, options)));
  });
  router.delete('/delete/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { id, tenantId } = await workspace.agent(req, res, idOf(req));
    await agents.delete(tenantId, id);
    res.json(success(await workspace.agentList(tenantId)));
  });
  router.put('/update/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const payload = parseInput(AgentPayload, payloadOf(req.body));
    const { id } = await workspace.agent(req, res, idOf(req));
    const tenant = await workspace.tenant(req, res, payload.workspaceId);
    const changed = await agents.patch(tenant, id, (present) => toPatch(payload, present));
    res.json(success(await workspace.present(changed)));
  });
  router.put('/webhook-cors-origin/:id', agentsOnly, async (req: Request<{ id: string }>, res) => {
    const { data } = parseInput(CorsBody, req.body);
    const { id, tenantId } = await workspace.agent(req, res, idOf(req));
    const listed = origins(data.webhook_cors_origin, 'data.webhook_cors_origin');
    const webOrigins = { enforced: data.has_webhook_cors_origin, origins: listed };
    await agents.patch(tenantId, id, { webOrigins });
    res.json(success(presentCors(webOrigins)));
  });
  return router;
}

type Found = Awaited<ReturnType<Workspace['agent']>>;

async function presentOne(agent: Found, workspace: Workspace, { actions, documents, callFigures }: AgentsRouterOptions) {
  const { tenantId, id } = agent;
  const presented = await workspace.present(agent);
  const { items } = await documents.list(tenantId, id, { limit: MAX_DOCUMENTS_PER_AGENT, offset: 0 });
  const files = await workspace.numbered(tenantId, 'document', items);
  const does = await workspace.numbered(tenantId, 'action', await actions.list(tenantId, id));
  const { calls, averageDurationMs = 0 } = await callFigures.ofAgent(tenantId, id);
  const ofAgent = does.map(([action, number]) =>
    presentAction(action, { id: number, agentId: presented.id }, agent.customFields),
  );
  return {
    agent: { ...presented, actions: ofAgent },
    files: files.map(([document, number]) => presentDocument(document, number)),
    totalCalls: calls,
    averageDuration: seconds(averageDurationMs),
  };
}
