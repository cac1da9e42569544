import { Router } from 'express';
import type { AgentService } from '../../../agents/agent-service.js';
import type { ContactService } from '../../../contacts/contact-service.js';
import type { Logger } from '../../../core/log.js';
import type { ScopedResource } from '../../../domain/api-key.js';
import type { IdempotencyRepository } from '../../../domain/idempotency.js';
import type { KeyService } from '../../../keys/key-service.js';
import { requirePermission } from '../../http/access/require-permission.js';
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
import { type CampaignsRouterOptions, campaignsRouter } from './campaigns-routes.js';
import { type ChannelsRouterOptions, channelsRouter } from './channels-routes.js';
import { contactsRouter } from './contacts-routes.js';
import { presentFailure } from './errors.js';
import { describeFlametalk, FLAMETALK_BASE_PATH } from './openapi.js';
import { type WebhooksRouterOptions, webhooksRouter } from './webhooks-routes.js';

export type FlametalkDialectOptions = CallsRouterOptions &
  CampaignsRouterOptions &
  ChannelsRouterOptions &
  WebhooksRouterOptions & {
    agents: AgentService;
    contacts: ContactService;
    keys: KeyService;
    limit: RequestLimit;
    bodyLimitBytes: number;
    idempotency: IdempotencyRepository;
    readiness: () => Readiness;
    log: Logger;
  };

/** What a key needs for each group of paths. */
const NEEDED = {
  agents: 'agents',
  calls: 'calls',
  contacts: 'contacts',
  campaigns: 'campaigns',
  channels: 'trunks',
  webhooks: 'webhooks',
} as const satisfies Record<string, ScopedResource>;

/** A REST dialect with envelopes and offsets, for CRMs. */
export function flametalkDialect(options: FlametalkDialectOptions): Dialect {
  const router = Router();
  router.use(authenticate(options.keys, 'flametalk', options.limit));
  for (const [path, resource] of Object.entries(NEEDED)) router.use(`/${path}`, requirePermission(resource));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.use('/contacts/import', csvBody(options.bodyLimitBytes));
  router.use(jsonBody(options.bodyLimitBytes));
  router.use(idempotent(options.idempotency, options.log));
  router.use('/agents', agentsRouter(options.agents));
  router.use('/calls', callsRouter(options));
  router.use('/contacts', contactsRouter(options.contacts));
  router.use('/campaigns', campaignsRouter(options));
  router.use('/channels', channelsRouter(options));
  router.use('/webhooks', webhooksRouter(options));
  return { basePath: FLAMETALK_BASE_PATH, router, presentFailure, describe: describeFlametalk };
}
