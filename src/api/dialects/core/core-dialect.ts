import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { CampaignService } from '../../../campaigns/campaign-service.js';
import type { Logger } from '../../../core/log.js';
import type { DoNotCallService } from '../../../do-not-call/do-not-call-service.js';
import type { IdempotencyRepository } from '../../../domain/idempotency.js';
import { RESOURCES } from '../../../domain/principal.js';
import type { Identity } from '../../../identity/identity.js';
import type { KeyService } from '../../../keys/key-service.js';
import type { SubscriptionService } from '../../../subscriptions/subscription-service.js';
import type { OutboundPolicies } from '../../../tasks/outbound-policies.js';
import type { TaskService } from '../../../tasks/task-service.js';
import type { TrunkService } from '../../../trunks/trunk-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
import type { SessionAccess } from '../../http/access/session-access.js';
import type { Site } from '../../http/access/site.js';
import { tenantOrigins } from '../../http/access/tenant-origins.js';
import { authenticate } from '../../http/authenticate.js';
import { csvBody } from '../../http/csv-body.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { idempotent } from '../../http/idempotency.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { agentsRouter } from './agents-routes.js';
import { type CallsRouterOptions, callsRouter } from './calls-routes.js';
import { campaignsRouter } from './campaigns/campaign-routes.js';
import { commandsRouter, wavBody } from './command-routes.js';
import { doNotCallRouter } from './do-not-call-routes.js';
import { presentFailure } from './errors.js';
import { apiKeysRouter } from './identity/api-keys-routes.js';
import { loginRouter, sessionRouter } from './identity/auth-routes.js';
import { organizationsRouter } from './identity/organizations-routes.js';
import { usersRouter } from './identity/users-routes.js';
import { type LiveRouterOptions, liveRouter } from './live-routes.js';
import { CORE_BASE_PATH, describeCore } from './openapi.js';
import { subscriptionsRouter } from './subscription-routes.js';
import { tasksRouter } from './tasks-routes.js';
import { trunksRouter } from './trunks-routes.js';
import { type WebhooksRouterOptions, webhooksRouter } from './webhook-routes.js';

export type CoreDialectOptions = CallsRouterOptions &
  LiveRouterOptions &
  WebhooksRouterOptions & {
    agents: AgentService;
    tasks: TaskService;
    policies: OutboundPolicies;
    doNotCall: DoNotCallService;
    campaigns: CampaignService;
    trunks: TrunkService;
    subscriptions: SubscriptionService;
    keys: KeyService;
    identity: Identity;
    people: SessionAccess;
    site: Site;
    corsOrigins: readonly string[];
    limit: RequestLimit;
    bodyLimitBytes: number;
    idempotency: IdempotencyRepository;
    readiness: () => Readiness;
    log: Logger;
  };

/** The native dialect: what is stored is modelled on it. */
export function coreDialect(options: CoreDialectOptions): Dialect {
  const router = Router();
  const body = jsonBody(options.bodyLimitBytes);
  router.use('/auth', loginRouter(options, body));
  // Who asks is settled before a byte of what they say is read.
  router.use(authenticate(options.keys, options.limit, options.people));
  router.use(tenantOrigins({ ...options, organizations: options.identity.organizations }));
  for (const resource of RESOURCES) router.use(`/${resource}`, requirePermission(resource));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.post('/calls/:id/inject', wavBody());
  router.use(['/do-not-call', '/campaigns'], csvBody(options.bodyLimitBytes));
  router.use(body);
  router.use('/auth', sessionRouter(options));
  router.use(idempotent(options.idempotency, options.log));
  router.use('/agents', agentsRouter(options.agents));
  router.use('/tasks', tasksRouter(options.tasks, options.policies));
  router.use('/campaigns', campaignsRouter(options.campaigns));
  router.use('/do-not-call', doNotCallRouter(options.doNotCall));
  router.use('/calls', callsRouter(options));
  router.use('/calls', commandsRouter(options));
  router.use('/calls', liveRouter(options));
  router.use('/trunks', trunksRouter(options.trunks));
  router.use('/webhooks', webhooksRouter(options));
  router.use('/webhooks', subscriptionsRouter(options.subscriptions));
  router.use('/api-keys', apiKeysRouter(options.keys));
  router.use('/organizations', organizationsRouter(options.identity.organizations));
  router.use('/users', usersRouter(options));
  return { basePath: CORE_BASE_PATH, router, presentFailure, describe: describeCore };
}
