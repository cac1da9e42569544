import { type Request, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { CallId } from '../../../core/ids.js';
import type { Call } from '../../../domain/call.js';
import { agentNamedBy } from '../../../domain/handoff.js';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import type { TaskService } from '../../../tasks/task-service.js';
import { parseInput } from '../../http/parse.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { type AudioSource, audioOf } from './audio-body.js';
import { CallCreate, RespondBody, RouteBody } from './schema.js';
import { routed } from './transfer-result.js';
import { presentCall, toTaskDraft } from './translation.js';

export type CallRoutesOptions = {
  tasks: TaskService;
  calls: CallRepository;
  callControl: CallControl;
  audio: AudioSource;
};

export function callRoutes({ tasks, calls, callControl, audio }: CallRoutesOptions): Router {
  const router = Router();
  const callOf = async (req: Request<{ callId: string }>, res: Response): Promise<Call> => {
    const call = await calls.find(principalOf(res).tenantId, req.params.callId.toLowerCase() as CallId);
    if (!call) throw new AppError('call_not_found', 'no such call');
    return call;
  };
  router.post('/', async (req, res) => {
    const { tenantId } = principalOf(res);
    const call = await tasks.callNow(tenantId, toTaskDraft(parseInput(CallCreate, req.body)), keyOf(res));
    res.json(presentCall(call));
  });
  router.get('/:callId', async (req, res) => {
    res.json(presentCall(await callOf(req, res)));
  });
  router.put('/:callId/hangup', async (req, res) => {
    const { tenantId, id } = await callOf(req, res);
    res.json(presentCall(await callControl.end(tenantId, id)));
  });
  router.post('/:callId/respond', async (req, res) => {
    const { tenantId, id } = await callOf(req, res);
    const { text, interrupt } = parseInput(RespondBody, req.body);
    const { begins } = await callControl.say(tenantId, id, text, { interrupt });
    res.json({ callId: id, text, begins });
  });
  router.put('/:callId/audio', async (req, res) => {
    const { tenantId, id } = await callOf(req, res);
    const { pcm, rateHz } = await audioOf(req, res, audio);
    const { beginsInMs } = await callControl.playOver(tenantId, id, { pcm, rateHz }, 'far_end');
    res.json({ callId: id, durationMs: Math.round((pcm.length * 1000) / rateHz), beginsInMs });
  });
  router.put('/:callId/route', async (req, res) => {
    const { tenantId, id } = await callOf(req, res);
    const { to, announce } = parseInput(RouteBody, req.body);
    const agentId = agentNamedBy(to);
    if (agentId !== undefined) {
      res.json(presentCall(await callControl.passOn(tenantId, id, { agentId, briefing: announce })));
      return;
    }
    const kind = announce === undefined ? 'blind' : 'attended';
    const request = { target: to, kind, briefing: announce, consent: 'none', apiKeyId: keyOf(res) } as const;
    await callControl.transfer(tenantId, id, request);
    res.json(presentCall(await routed(calls, await callOf(req, res), res)));
  });
  return router;
}
