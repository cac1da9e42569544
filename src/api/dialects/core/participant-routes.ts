import { Router } from 'express';
import type { CallControl } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { parseInput } from '../../http/parse.js';
import { participantIdOf } from '../../http/path-id.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { presentParticipant } from './call-presentation.js';
import { success } from './envelope.js';
import { findCall } from './find-call.js';
import { ParticipantBody, ParticipantChange } from './participant-schema.js';

/** Who is called into a call that lasts; to be mounted where the calls are. */
export function participantsRouter({ calls, callControl }: { calls: CallRepository; callControl: CallControl }): Router {
  const router = Router();
  router.get('/:id/participants', async (req, res) => {
    const { id, participants = [] } = await findCall(calls, req, res);
    res.json(success(res, { call_id: id, participants: participants.map(presentParticipant) }));
  });
  router.post('/:id/participants', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { target, mode, ring_timeout_seconds: seconds } = parseInput(ParticipantBody, req.body);
    const ringTimeoutMs = seconds === undefined ? undefined : seconds * 1000;
    const request = { target, mode, ringTimeoutMs, apiKeyId: keyOf(res) };
    const participant = await callControl.addParticipant(principalOf(res).tenantId, id, request);
    res.status(202).json(success(res, { call_id: id, participant: presentParticipant(participant) }));
  });
  router.patch('/:id/participants/:participantId', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { mode } = parseInput(ParticipantChange, req.body);
    const participant = await callControl.changeParticipant(principalOf(res).tenantId, id, participantIdOf(req), mode);
    res.json(success(res, { call_id: id, participant: presentParticipant(participant) }));
  });
  router.delete('/:id/participants/:participantId', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const participant = await callControl.removeParticipant(principalOf(res).tenantId, id, participantIdOf(req));
    res.json(success(res, { call_id: id, participant: presentParticipant(participant) }));
  });
  return router;
}
