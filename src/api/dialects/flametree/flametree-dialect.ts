import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { KeyService } from '../../../keys/key-service.js';
import type { VoiceMessageService } from '../../../voice-messages/voice-message-service.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { AgentAccess } from './agent-access.js';
import { presentFailure } from './errors.js';
import { describeFlametree } from './openapi.js';
import { audioBody, voiceRouter } from './voice-routes.js';

export type FlametreeDialectOptions = {
  keys: KeyService;
  agents: AgentService;
  voices: VoiceMessageService;
  limit: RequestLimit;
  bodyLimitBytes: number;
  readiness: () => Readiness;
};

/** Chats and phone calls as sessions of one agent, whose token opens nothing else. */
export function flametreeDialect(options: FlametreeDialectOptions): Dialect {
  const router = Router();
  router.use(authenticate(options.keys, 'flametree', options.limit));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.post('/chatbot/:agentId/transcribe', audioBody());
  router.use(jsonBody(options.bodyLimitBytes));
  router.use('/chatbot/:agentId', voiceRouter({ access: new AgentAccess(options), voices: options.voices }));
  return { basePath: '', roots: ['/chatbot', '/api/v1/public'], router, presentFailure, describe: describeFlametree };
}
