import { type Request, Router } from 'express';
import { z } from 'zod';
import type { CallRemoval } from '../../../calls/call-removal.js';
import type { Recordings } from '../../../calls/recordings.js';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import type { ReportService } from '../../../reports/report-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
import type { Site } from '../../http/access/site.js';
import { parseInput } from '../../http/parse.js';
import { sendRecording } from '../../http/recording-file.js';
import { principalOf } from '../../http/request-context.js';
import { presentCall } from './call-presentation.js';
import { success } from './envelope.js';
import { PathId, PublicId } from './fields.js';
import type { Workspace } from './workspace.js';

export type CallsRouterOptions = {
  calls: CallRepository;
  callControl: CallControl;
  callRemoval: CallRemoval;
  reports: ReportService;
  recordings: Recordings;
  site: Site;
};

/** The document says how a page is asked for, and not how long it is. */
const PAGE_LENGTH = 20;

export const CallsQuery = z.object({
  page: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(1)
    .meta({ description: 'Of 20 calls, the newest first.', example: 1 }),
});
export const HangUpBody = z.object({ callid: PublicId });

const idOf = (req: Request<{ id: string }>): number => Number(parseInput(PathId, req.params.id));

export function callsRouter(workspace: Workspace, options: CallsRouterOptions): Router {
  const { calls, callControl, callRemoval, reports, recordings, site } = options;
  const router = Router();
  const callsOnly = requirePermission('calls');
  router.get('/:id/calls', callsOnly, async (req: Request<{ id: string }>, res) => {
    const { page } = parseInput(CallsQuery, req.query);
    const agentId = idOf(req);
    const agent = await workspace.agent(req, res, agentId);
    const paging = { limit: PAGE_LENGTH, offset: (page - 1) * PAGE_LENGTH };
    const { items } = await calls.list(agent.tenantId, { agentId: agent.id }, paging);
    const numbered = await workspace.numbered(agent.tenantId, 'call', items);
    const base = site.linkTo(req.baseUrl, req);
    const data = await Promise.all(
      numbered.map(async ([call, id]) => {
        const [transcript, report] = await Promise.all([reports.transcriptOf(call), reports.find(call)]);
        return presentCall(call, { id, agentId }, { transcript, report, base });
      }),
    );
    res.json(success(data));
  });
  router.get('/recording/:id', callsOnly, async (req: Request<{ id: string }>, res) => {
    await sendRecording(req, res, await workspace.call(req, res, idOf(req)), recordings);
  });
  router.delete('/delete-call/:id', callsOnly, async (req: Request<{ id: string }>, res) => {
    const { tenantId, id } = await workspace.call(req, res, idOf(req));
    await callRemoval.delete(tenantId, id);
    res.json(success(await workspace.agentList(tenantId)));
  });
  router.post('/hangup-call', callsOnly, async (req, res) => {
    const { callid } = parseInput(HangUpBody, req.body);
    const { id } = await workspace.call(req, res, callid);
    const { tenantId } = principalOf(res);
    await callControl.end(tenantId, id);
    res.json(success(await workspace.agentList(tenantId)));
  });
  return router;
}
