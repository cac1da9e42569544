import { type Request, type Response, Router } from 'express';
import type { z } from 'zod';
import type { CallRemoval } from '../../../calls/call-removal.js';
import type { Recordings } from '../../../calls/recordings.js';
import { AppError } from '../../../core/errors.js';
import type { AgentId } from '../../../core/ids.js';
import type { Call } from '../../../domain/call.js';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallFilter, CallRepository } from '../../../domain/ports/repositories.js';
import type { ReportService } from '../../../reports/report-service.js';
import type { TaskDraft, TaskService } from '../../../tasks/task-service.js';
import { hostOf } from '../../http/origin.js';
import { parseInput } from '../../http/parse.js';
import { callIdOf } from '../../http/path-id.js';
import { sendRecording } from '../../http/recording-file.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { presentCall, presentReport, presentTranscript } from './call-presentation.js';
import { CallCreate, CallsQuery } from './call-schema.js';
import { success, successPage } from './envelope.js';
import { EmptyBody } from './fields.js';

export type CallsRouterOptions = {
  calls: CallRepository;
  tasks: TaskService;
  callControl: CallControl;
  callRemoval: CallRemoval;
  reports: ReportService;
  recordings: Recordings;
};

export function callsRouter({ calls, tasks, callControl, callRemoval, reports, recordings }: CallsRouterOptions): Router {
  const router = Router();

  /** Another tenant's call is none, too: its existence is none of the asker's business. */
  const find = async (req: Request<{ id: string }>, res: Response): Promise<Call> => {
    const call = await calls.find(principalOf(res).tenantId, callIdOf(req));
    if (!call) throw new AppError('call_not_found', 'no such call');
    return call;
  };

  router.get('/', async (req, res) => {
    const { limit, offset, ...query } = parseInput(CallsQuery, req.query);
    const page = { limit, offset };
    const { items, total = 0 } = await calls.list(principalOf(res).tenantId, toFilter(query), page);
    const presented = items.map((call) => presentCall(call, urlOf(req)));
    res.json(successPage(presented, total, page));
  });
  router.post('/', async (req, res) => {
    const draft = toTaskDraft(parseInput(CallCreate, req.body));
    const call = await tasks.callNow(principalOf(res).tenantId, draft, keyOf(res));
    res.status(201).json(success(presentCall(call, urlOf(req))));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(presentCall(await find(req, res), urlOf(req))));
  });
  router.delete('/:id', async (req, res) => {
    const id = callIdOf(req);
    await callRemoval.delete(principalOf(res).tenantId, id);
    res.json(success({ id, deleted: true }));
  });
  router.get('/:id/transcript', async (req, res) => {
    const call = await find(req, res);
    res.json(success(presentTranscript(call, await reports.transcriptOf(call))));
  });
  router.get('/:id/report', async (req, res) => {
    res.json(success(presentReport(await reports.get(await find(req, res)))));
  });
  router.get('/:id/recording', async (req, res) => {
    await sendRecording(req, res, await find(req, res), recordings);
  });
  router.post('/:id/end', async (req, res) => {
    parseInput(EmptyBody, req.body);
    const ended = await callControl.end(principalOf(res).tenantId, (await find(req, res)).id);
    res.json(success(presentCall(ended, urlOf(req))));
  });
  return router;
}

/** Of the calls as the client reached them; relative where it said no host. */
function urlOf(req: Request): string {
  const host = hostOf(req);
  return `${host === undefined ? '' : `${req.protocol}://${host}`}${req.baseUrl}`;
}

const toFilter = (query: Omit<z.output<typeof CallsQuery>, 'limit' | 'offset'>): CallFilter => ({
  agentId: query.agent_id?.toLowerCase() as AgentId | undefined,
  status: query.status,
  direction: query.direction,
  outcome: query.outcome,
  from: query.from,
  to: query.to,
  number: query.phone,
  startedAfterMs: query.started_after,
  startedBeforeMs: query.started_before,
  search: query.search,
});

const toTaskDraft = (body: z.output<typeof CallCreate>): TaskDraft => ({
  agentId: body.agent_id.toLowerCase() as AgentId,
  name: `Call to ${body.to}`,
  description: undefined,
  toNumber: body.to,
  startingMessage: body.starting_message || undefined,
  contextData: body.variables,
  priority: 0,
  scheduledAtMs: undefined,
  callWindow: undefined,
  retry: undefined,
  webhookUrl: undefined,
  webhookEvents: [],
});
