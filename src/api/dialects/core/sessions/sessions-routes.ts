import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import type { Clock } from '../../../../core/clock.js';
import { AppError } from '../../../../core/errors.js';
import type { AgentId, AttachmentId } from '../../../../core/ids.js';
import type { SessionService } from '../../../../sessions/session-service.js';
import { attachmentsOf } from '../../../http/message-form.js';
import { parseInput } from '../../../http/parse.js';
import { chatSessionIdOf } from '../../../http/path-id.js';
import { principalOf } from '../../../http/request-context.js';
import { success, successPage } from '../envelope.js';
import { SessionStreams } from './session-events.js';
import {
  FeedbackChange,
  MessageCreate,
  ModeChange,
  OperatorMessage,
  SessionClose,
  SessionCreate,
  SessionPatch,
  SessionsQuery,
} from './sessions-schema.js';
import { presentMessage, presentNote, presentSent, presentSession, toDraft, toPatch } from './sessions-translation.js';

export type SessionsRouterOptions = { sessions: SessionService; clock: Clock };

export function sessionsRouter({ sessions, clock }: SessionsRouterOptions): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { limit, offset, ...query } = parseInput(SessionsQuery, req.query);
    const { agent_id: agent, ext_type: extType, ext_id: extId, status } = query;
    const filter = { agentId: agent?.toLowerCase() as AgentId | undefined, extType, extId, status };
    const { items, total } = await sessions.list(principalOf(res).tenantId, filter, { limit, offset });
    res.json(successPage(res, items.map(presentSession), total, { limit, offset }));
  });
  router.post('/', async (req, res) => {
    const draft = toDraft(parseInput(SessionCreate, req.body));
    res.status(201).json(success(res, presentSession(await sessions.open(principalOf(res).tenantId, draft))));
  });
  router.get('/:id', async (req, res) => {
    res.json(success(res, presentSession(await sessions.get(principalOf(res).tenantId, chatSessionIdOf(req)))));
  });
  router.patch('/:id', async (req, res) => {
    const patch = toPatch(parseInput(SessionPatch, req.body));
    res.json(success(res, presentSession(await sessions.update(principalOf(res).tenantId, chatSessionIdOf(req), patch))));
  });
  router.delete('/:id', async (req, res) => {
    const id = chatSessionIdOf(req);
    await sessions.delete(principalOf(res).tenantId, id);
    res.json(success(res, { id, deleted: true }));
  });
  router.post('/:id/close', async (req, res) => {
    const { status, result } = parseInput(SessionClose, req.body ?? {});
    const closed = await sessions.close(principalOf(res).tenantId, chatSessionIdOf(req), status, result);
    res.json(success(res, presentSession(closed)));
  });
  router.put('/:id/mode', async (req, res) => {
    const { mode, operator } = parseInput(ModeChange, req.body);
    const changed = await sessions.setMode(principalOf(res).tenantId, chatSessionIdOf(req), mode, operator);
    res.json(success(res, presentSession(changed)));
  });
  router.get('/:id/notes', async (req, res) => {
    const notes = await sessions.story(principalOf(res).tenantId, chatSessionIdOf(req));
    res.json(success(res, notes.map(presentNote)));
  });
  router.get('/:id/events', async (req, res) => {
    streams.serve(await sessions.get(principalOf(res).tenantId, chatSessionIdOf(req)), res);
  });
  router.get('/:id/attachments/:attachmentId', async (req, res) => {
    const id = req.params.attachmentId.toLowerCase() as AttachmentId;
    const { meta, stream } = await sessions.attachment(principalOf(res).tenantId, id);
    if (meta.sessionId !== chatSessionIdOf(req)) throw new AppError('not_found', 'attachment of another session');
    res.setHeader('Content-Type', meta.contentType);
    res.setHeader('Content-Length', meta.sizeBytes);
    // Files come from strangers: no page of ours shows them.
    res.setHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(meta.name)}`);
    await pipeline(stream, res);
  });
  messageRoutes(router, sessions);
  const streams = new SessionStreams(sessions, clock);
  return router;
}

function messageRoutes(router: Router, sessions: SessionService): void {
  router.get('/:id/messages', async (req, res) => {
    const messages = await sessions.messages(principalOf(res).tenantId, chatSessionIdOf(req));
    res.json(success(res, messages.map(presentMessage)));
  });
  router.post('/:id/messages', async (req, res) => {
    const { text } = parseInput(MessageCreate, req.body ?? {});
    const input = { text, attachments: attachmentsOf(req) };
    const { message, ...answer } = await sessions.send(principalOf(res).tenantId, chatSessionIdOf(req), input);
    if (!message) throw new Error('a message without source cannot be there already');
    res.status(201).json(success(res, presentSent(message, answer)));
  });
  router.post('/:id/operator-messages', async (req, res) => {
    const { role, text } = parseInput(OperatorMessage, req.body);
    const message = await sessions.speakAs(principalOf(res).tenantId, chatSessionIdOf(req), role, text);
    res.status(201).json(success(res, presentMessage(message)));
  });
  router.put('/:id/messages/:messageId/feedback', async (req, res) => {
    const { feedback } = parseInput(FeedbackChange, req.body);
    const { tenantId } = principalOf(res);
    const rated = await sessions.react(tenantId, chatSessionIdOf(req), Number(req.params.messageId), feedback ?? undefined);
    res.json(success(res, presentMessage(rated)));
  });
}
