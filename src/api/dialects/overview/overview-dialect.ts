import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { AudioFileReader } from '../../../domain/ports/audio-files.js';
import type { KeyService } from '../../../keys/key-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import { RequestLimit } from '../../http/rate-limit.js';
import { agentRoutes } from './agent-routes.js';
import { type AudioSource, audioBody } from './audio-body.js';
import { type CallRoutesOptions, callRoutes } from './call-routes.js';
import { presentFailure } from './errors.js';
import { describeOverview } from './openapi.js';
import { inboundTextRoutes, type TextRoutesOptions, textHookRoutes } from './text-routes.js';

export type OverviewDialectOptions = Omit<CallRoutesOptions, 'audio'> &
  TextRoutesOptions & {
    keys: KeyService;
    agents: AgentService;
    audioFiles: AudioFileReader;
    fetch: AudioSource['fetch'];
    bodyLimitBytes: number;
    /** Of those who bring texts. */
    limit: RequestLimit;
    readiness: () => Readiness;
  };

/** As the document says, whatever the other dialects allow. */
const REQUESTS_PER_MINUTE = 100;

/** Commands to calls, texts and agents, at the root. */
export function overviewDialect(options: OverviewDialectOptions): Dialect {
  const { audioFiles: reader, fetch } = options;
  const router = Router();
  router.use(inboundTextRoutes(options, options.limit));
  router.use(authenticate(options.keys, 'overview', new RequestLimit(REQUESTS_PER_MINUTE)));
  for (const resource of ['calls', 'agents', 'texts'] as const) router.use(`/${resource}`, requirePermission(resource));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.put('/calls/:callId/audio', audioBody());
  router.use(jsonBody(options.bodyLimitBytes));
  router.use('/calls', callRoutes({ ...options, audio: { reader, fetch } }));
  router.use('/agents', agentRoutes(options.agents));
  router.use('/texts', textHookRoutes(options));
  return { basePath: '', roots: ['/calls', '/agents', '/texts'], router, presentFailure, describe: describeOverview };
}
