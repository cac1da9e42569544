import express, { type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import type { AgentId } from '../../../core/ids.js';
import type { Handoff } from '../../../domain/handoff.js';
import type { CallControl, LineSide, TransferRequest } from '../../../domain/ports/call-control.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { parseInput } from '../../http/parse.js';
import { keyOf, principalOf } from '../../http/request-context.js';
import { readWav, WAV_LIMIT_BYTES } from '../../http/wav-audio.js';
import { presentHandoff, presentPause, presentTransfer } from './call-presentation.js';
import {
  DigitsBody,
  HandoffBody,
  InjectBody,
  InjectQuery,
  PlayOverBody,
  PlayOverQuery,
  SayBody,
  TransferBody,
} from './command-schema.js';
import { success } from './envelope.js';
import { findCall } from './find-call.js';

const WAV_TYPES = ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'];

/** Takes a WAV file as it is; to stand before the parser of JSON bodies, which knows no other. */
export const wavBody = (): RequestHandler => express.raw({ type: WAV_TYPES, limit: WAV_LIMIT_BYTES });

/** What can be done to a call while it lasts; to be mounted where the calls are. */
export function commandsRouter({ calls, callControl }: { calls: CallRepository; callControl: CallControl }): Router {
  const router = Router();
  router.post('/:id/say', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { text, interrupt } = parseInput(SayBody, req.body);
    const { begins } = await callControl.say(principalOf(res).tenantId, id, text, { interrupt });
    res.status(202).json(success(res, { call_id: id, begins }));
  });
  router.post('/:id/inject', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { file, text, interrupt } = injectedBy(req);
    const { begins } = await callControl.play(
      principalOf(res).tenantId,
      id,
      { ...readWav(file, Buffer.isBuffer(req.body) ? 'body' : 'audio'), text },
      { interrupt },
    );
    res.status(202).json(success(res, { call_id: id, begins }));
  });
  router.post('/:id/audio', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { file, to } = playedOverBy(req);
    const audio = readWav(file, Buffer.isBuffer(req.body) ? 'body' : 'audio');
    const { beginsInMs } = await callControl.playOver(principalOf(res).tenantId, id, audio, to);
    const durationMs = Math.round((audio.pcm.length * 1000) / audio.rateHz);
    res.status(202).json(success(res, { call_id: id, duration_ms: durationMs, begins_in_ms: beginsInMs }));
  });
  router.post('/:id/dtmf', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { digits } = parseInput(DigitsBody, req.body);
    await callControl.press(principalOf(res).tenantId, id, digits);
    res.status(202).json(success(res, { call_id: id, digits }));
  });
  router.post('/:id/transfer', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const request = { ...toTransferRequest(parseInput(TransferBody, req.body)), apiKeyId: keyOf(res) };
    const transfer = await callControl.transfer(principalOf(res).tenantId, id, request);
    res.status(202).json(success(res, { call_id: id, transfer: presentTransfer(transfer) }));
  });
  router.post('/:id/transfer/complete', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const transfer = await callControl.completeTransfer(principalOf(res).tenantId, id);
    res.status(202).json(success(res, { call_id: id, transfer: presentTransfer(transfer) }));
  });
  router.post('/:id/transfer/cancel', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const transfer = await callControl.cancelTransfer(principalOf(res).tenantId, id);
    res.status(202).json(success(res, { call_id: id, transfer: presentTransfer(transfer) }));
  });
  router.post('/:id/handoff', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { agent_id, briefing } = parseInput(HandoffBody, req.body);
    const request = { agentId: agent_id.toLowerCase() as AgentId, briefing };
    const { handoffs } = await callControl.passOn(principalOf(res).tenantId, id, request);
    res.json(success(res, { call_id: id, handoff: presentHandoff(handoffs?.at(-1) as Handoff) }));
  });
  router.post('/:id/recording/pause', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { recordingPauses = [] } = await callControl.pauseRecording(principalOf(res).tenantId, id);
    res.json(success(res, { call_id: id, paused: true, recording_pauses: recordingPauses.map(presentPause) }));
  });
  router.post('/:id/recording/resume', async (req, res) => {
    const { id } = await findCall(calls, req, res);
    const { recordingPauses = [] } = await callControl.resumeRecording(principalOf(res).tenantId, id);
    res.json(success(res, { call_id: id, paused: false, recording_pauses: recordingPauses.map(presentPause) }));
  });
  return router;
}

const toTransferRequest = (body: z.output<typeof TransferBody>): TransferRequest => ({
  target: body.target,
  kind: body.kind,
  method: body.method,
  briefing: body.briefing,
  consent: body.consent,
  ringTimeoutMs: body.ring_timeout_seconds === undefined ? undefined : body.ring_timeout_seconds * 1000,
  failureMessage: body.failure_message,
});

function playedOverBy({ body, query }: { body: unknown; query: unknown }): { file: Buffer; to: LineSide } {
  if (Buffer.isBuffer(body)) return { file: body, ...parseInput(PlayOverQuery, query) };
  const { audio, to } = parseInput(PlayOverBody, body);
  return { file: Buffer.from(audio, 'base64'), to };
}

function injectedBy({ body, query }: { body: unknown; query: unknown }): { file: Buffer; text: string; interrupt: boolean } {
  if (Buffer.isBuffer(body)) return { file: body, ...parseInput(InjectQuery, query) };
  const { audio, ...options } = parseInput(InjectBody, body);
  return { file: Buffer.from(audio, 'base64'), ...options };
}
