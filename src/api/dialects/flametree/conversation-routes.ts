import { pipeline } from 'node:stream/promises';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { AttachmentId, ChatSessionId } from '../../../core/ids.js';
import type { ChatSession } from '../../../domain/session.js';
import type { ContactConversations } from '../../../sessions/contact-conversations.js';
import type { SessionService } from '../../../sessions/session-service.js';
import type { Site } from '../../http/access/site.js';
import { parseInput } from '../../http/parse.js';
import { principalOf } from '../../http/request-context.js';
import { onlyAgentOf, opens } from './agent-access.js';
import { CustomerQuery, ReactionBody } from './conversation-schema.js';
import { attachmentPath, presentConversations, presentLog, toFeedback } from './conversation-translation.js';

/** The document knows no pages: what is older is asked for in other ways. */
const MOST_CONVERSATIONS = 100;

export type ConversationRouterOptions = { conversations: ContactConversations; sessions: SessionService; site: Site };

/** To be mounted at `/api/v1/public`. */
export function conversationRouter({ conversations, sessions, site }: ConversationRouterOptions): Router {
  const router = Router();
  router.get('/conversations', async (req, res) => {
    const customer = parseInput(CustomerQuery, req.query);
    const principal = principalOf(res);
    const filter = { extType: customer.ext_type, extId: customer.ext_id, agentId: onlyAgentOf(principal) };
    const found = await conversations.list(principal.tenantId, filter, MOST_CONVERSATIONS);
    const link = (path: string): string => site.linkTo(path, req);
    res.json(presentConversations(customer, found, { token: shownToken(req), link }));
  });
  router.get('/conversations/attachments/:attachmentId', async (req, res) => {
    const { ext_id, ext_type } = parseInput(CustomerQuery, req.query);
    const principal = principalOf(res);
    const id = req.params.attachmentId.toLowerCase() as AttachmentId;
    const { meta, stream } = await sessions.attachment(principal.tenantId, id);
    const session = await sessions.get(principal.tenantId, meta.sessionId);
    const isTheirs = session.extId === ext_id && session.extType === ext_type && opens(principal, session.agentId);
    if (!isTheirs) throw new AppError('not_found', 'attachment of another customer', { publicMessage: 'Attachment not found' });
    // Never shown in place: what a stranger has sent is no page of this site.
    res.attachment(meta.name);
    res.setHeader('Content-Type', meta.contentType);
    res.setHeader('Content-Length', meta.sizeBytes);
    await pipeline(stream, res);
  });
  return router;
}

/** Reactions come from customers, who have no token: they know the session and their own id, and that has to fit. */
export function reactionRouter(
  { sessions, site }: Pick<ConversationRouterOptions, 'sessions' | 'site'>,
  before: readonly RequestHandler[],
): Router {
  const router = Router();
  router.patch('/sessions/:sessionId/logs/:logId', ...before);
  router.patch('/sessions/:sessionId/logs/:logId', async (req: Request<{ sessionId: string; logId: string }>, res: Response) => {
    const body = parseInput(ReactionBody, req.body);
    const session = await sessions.getAnywhere(req.params.sessionId.toLowerCase() as ChatSessionId);
    if (!fits(session, body)) throw new AppError('session_not_found', 'session of another customer');
    const log = Number(req.params.logId);
    if (!Number.isSafeInteger(log)) throw new AppError('not_found', 'no such log');
    const message = await sessions.react(session.tenantId, session.id, log, toFeedback(body.feedback));
    const customer = { ext_id: session.extId, ext_type: session.extType };
    res.json(presentLog(message, (attachment) => site.linkTo(attachmentPath(customer, attachment), req)));
  });
  return router;
}

const fits = (
  { extId, tenantId }: ChatSession,
  { ext_id, tenant_id }: { ext_id: string; tenant_id?: string | undefined },
): boolean => extId === ext_id && (tenant_id === undefined || tenantId === tenant_id.toLowerCase());

/** As the document shows one: its mark alone. */
function shownToken(req: Request): string {
  const [, mark = ''] = /^Bearer +([a-z]+[_-])?/i.exec(req.get('authorization') ?? '') ?? [];
  return `${mark}...`;
}
