import { type RequestHandler, Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { Recordings } from '../../../calls/recordings.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import type { KeyService } from '../../../keys/key-service.js';
import { ContactConversations } from '../../../sessions/contact-conversations.js';
import type { SessionService } from '../../../sessions/session-service.js';
import type { VoiceMessageService } from '../../../voice-messages/voice-message-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
import type { Site } from '../../http/access/site.js';
import type { OriginRules } from '../../http/access/tenant-origins.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { AgentAccess } from './agent-access.js';
import { conversationRouter, reactionRouter } from './conversation-routes.js';
import { presentFailure } from './errors.js';
import { messageForm } from './message-form.js';
import { describeFlametree } from './openapi.js';
import { sessionRouter } from './session-routes.js';
import { audioBody, voiceRouter } from './voice-routes.js';

export type FlametreeDialectOptions = {
  keys: KeyService;
  agents: AgentService;
  voices: VoiceMessageService;
  sessions: SessionService;
  calls: CallRepository;
  recordings: Recordings;
  site: Site;
  corsOrigins: OriginRules['corsOrigins'];
  organizations: OriginRules['organizations'];
  limit: RequestLimit;
  bodyLimitBytes: number;
  readiness: () => Readiness;
};

/** Chats and phone calls as sessions of one agent, whose token opens nothing else. */
export function flametreeDialect(options: FlametreeDialectOptions): Dialect {
  const { keys, limit, sessions, voices } = options;
  const router = Router();
  const body = jsonBody(options.bodyLimitBytes);
  const known = authenticate(keys, 'flametree', limit);
  const staying = drainGate(() => options.readiness().state === 'draining');
  const access = new AgentAccess({ ...options, origins: options });
  const conversations = new ContactConversations(options);
  router.use(
    '/api/v1/public',
    reactionRouter({ ...options, conversations }, [withOrWithoutToken(known, limit), staying, ...body]),
  );
  router.use(known, requirePermission('sessions'), staying);
  router.post('/chatbot/:agentId/transcribe', audioBody());
  router.post('/chatbot/:agentId/session/:sessionId/run_v2', messageForm());
  router.use(body);
  router.use('/chatbot/:agentId', voiceRouter({ access, voices }), sessionRouter({ access, sessions }));
  router.use('/api/v1/public', conversationRouter({ ...options, conversations }));
  return { basePath: '', roots: ['/chatbot', '/api/v1/public'], router, presentFailure, describe: describeFlametree };
}

/** A token that is sent has to hold; whoever sends none counts for their address. */
function withOrWithoutToken(known: RequestHandler, limit: RequestLimit): RequestHandler {
  return async (req, res, next) => {
    if (req.get('authorization') !== undefined) {
      await known(req, res, next);
      return;
    }
    await limit.count(res, `address ${req.ip ?? ''}`);
    next();
  };
}
