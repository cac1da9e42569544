import { pipeline } from 'node:stream/promises';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { Recordings } from '../../../calls/recordings.js';
import { AppError } from '../../../core/errors.js';
import type { AttachmentId, ChatSessionId, TenantId } from '../../../core/ids.js';
import type { ContactConversations } from '../../../sessions/contact-conversations.js';
import type { SessionService } from '../../../sessions/session-service.js';
import { demand } from '../../http/access/require-permission.js';
import type { Site } from '../../http/access/site.js';
import { parseInput } from '../../http/parse.js';
import { sendRecording } from '../../http/recording-file.js';
import { principalOf } from '../../http/request-context.js';
import { onlyAgentOf, opens } from './agent-access.js';
import { CustomerQuery, ReactionBody } from './conversation-schema.js';
import { attachmentPath, presentConversations, presentLog, toFeedback } from './conversation-translation.js';

/** The document knows no pages: what is older is asked for in other ways. */
const MOST_CONVERSATIONS = 100;

export type ConversationRouterOptions = {
  conversations: ContactConversations;
  sessions: SessionService;
  recordings: Recordings;
  site: Site;
};

/** To be mounted at `/api/v1/public`. */
export function conversationRouter({ conversations, sessions, recordings, site }: ConversationRouterOptions): Router {
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
    const { ext_id: extId, ext_type: extType } = parseInput(CustomerQuery, req.query);
    const principal = principalOf(res);
    const id = req.params.attachmentId.toLowerCase() as AttachmentId;
    const whose = { extType, extId, agentId: onlyAgentOf(principal) };
    const call = await conversations.recordedCall(principal.tenantId, id, whose);
    if (call) {
      demand(res, 'calls:read');
      return await sendRecording(req, res, call, recordings);
    }
    const { meta, stream } = await sessions.attachment(principal.tenantId, id);
    const session = await sessions.get(principal.tenantId, meta.sessionId);
    const isTheirs = session.extId === extId && session.extType === extType && opens(principal, session.agentId);
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
  { conversations, site }: Pick<ConversationRouterOptions, 'conversations' | 'site'>,
  before: readonly RequestHandler[],
): Router {
  const router = Router();
  router.patch('/sessions/:sessionId/logs/:logId', ...before);
  router.patch('/sessions/:sessionId/logs/:logId', async (req: Request<{ sessionId: string; logId: string }>, res: Response) => {
    const { ext_id: extId, tenant_id: tenant, feedback } = parseInput(ReactionBody, req.body);
    const message = Number(req.params.logId);
    if (!Number.isSafeInteger(message)) throw new AppError('not_found', 'no such log');
    const conversation = req.params.sessionId.toLowerCase() as ChatSessionId;
    const place = { conversation, message, extId, tenantId: tenant?.toLowerCase() as TenantId | undefined };
    const { message: rated, whose } = await conversations.react(place, toFeedback(feedback));
    const customer = { ext_id: whose.extId, ext_type: whose.extType };
    res.json(presentLog(rated, (attachment) => site.linkTo(attachmentPath(customer, attachment), req)));
  });
  return router;
}

/** As the document shows one: its mark alone. */
function shownToken(req: Request): string {
  const [, mark = ''] = /^Bearer +([a-z]+[_-])?/i.exec(req.get('authorization') ?? '') ?? [];
  return `${mark}...`;
}
