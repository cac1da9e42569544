import { type Request, type Response, Router } from 'express';
import { AppError } from '../../../core/errors.js';
import type { Agent } from '../../../domain/agent.js';
import type { ChatSession } from '../../../domain/session.js';
import type { SessionService } from '../../../sessions/session-service.js';
import { parseInput } from '../../http/parse.js';
import { nowMsOf } from '../../http/request-context.js';
import type { AgentAccess } from './agent-access.js';
import { uploadsOf } from './message-form.js';
import { MessageForm, SessionClose, SessionCreate, SessionUpdate } from './session-schema.js';
import { presentMode, presentReply, presentSession, toDraft, toMode, toPatch } from './session-translation.js';
import { whileOpen } from './while-open.js';

/** To be mounted at `/chatbot/:agentId`. */
export function sessionRouter({ access, sessions }: { access: AgentAccess; sessions: SessionService }): Router {
  const router = Router({ mergeParams: true });
  router.post('/session', async (req, res) => {
    const agent = await access.liveAgentOf(req, res);
    const draft = toDraft(parseInput(SessionCreate, req.body));
    const session = await sessions.open(agent.tenantId, { ...draft, agentId: agent.id });
    if (session.status === 'daily_limit_exceeded') throw overLimit();
    res.json(presented(res, session, agent));
  });
  router.get('/session/:sessionId', async (req, res) => {
    const agent = await access.agentOf(req, res);
    res.json(presented(res, await access.sessionOf(req, res), agent));
  });
  router.put('/session/:sessionId', async (req, res) => {
    const agent = await access.agentOf(req, res);
    const session = await access.sessionOf(req, res);
    res.json(presented(res, await update(session, req), agent));
  });
  router.delete('/session/:sessionId', async (req, res) => {
    const agent = await access.agentOf(req, res);
    const { tenantId, id } = await access.sessionOf(req, res);
    const { status } = parseInput(SessionClose, { ...(req.body as object | undefined), ...req.query });
    res.json(presented(res, await sessions.close(tenantId, id, status), agent));
  });
  router.post('/session/:sessionId/run_v2', async (req, res) => {
    await access.liveAgentOf(req, res);
    const { tenantId, id } = await access.sessionOf(req, res);
    const { message: text } = parseInput(MessageForm, req.body ?? {});
    const sent = await sessions.send(tenantId, id, { text, attachments: uploadsOf(req) }, { signal: whileOpen(res) });
    res.json(presentReply(sent));
  });
  return router;

  async function update(session: ChatSession, req: Request): Promise<ChatSession> {
    const body = parseInput(SessionUpdate, req.body);
    const { operator_id: id, operator_name: name = id } = body;
    const mode = body.mode === undefined ? session.mode : toMode(body.mode);
    const operator = id === undefined ? undefined : { id, name: name ?? id };
    if (mode === 'regular' && operator) throw noOperator();
    const updated = await sessions.update(session.tenantId, session.id, toPatch(body, session));
    if (mode === session.mode && !operator) return updated;
    return await sessions.setMode(session.tenantId, session.id, mode, operator);
  }
}

const presented = (res: Response, session: ChatSession, agent: Agent): object => presentSession(session, agent, nowMsOf(res));

/** The session is kept for statistics, and is not active. */
const overLimit = (): AppError =>
  new AppError('capacity_exhausted', 'daily limit of sessions', {
    publicMessage: 'daily_limit_exceeded: the agent has had as many sessions as it may have today',
  });

const noOperator = (): AppError =>
  new AppError('invalid_request', 'operator without a mode', {
    faults: [{ field: 'operator_id', message: `is not possible in the mode ${presentMode('regular')}` }],
  });
