import { Router } from 'express';
import type { PublicNumbers } from '../../../domain/ports/public-numbers.js';
import type { OrganizationService } from '../../../identity/organization-service.js';
import type { KeyService } from '../../../keys/key-service.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { documentsBody } from '../../http/document-body.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { actionsRouter } from './actions-routes.js';
import { type AgentsRouterOptions, agentsRouter } from './agents-routes.js';
import { type CallsRouterOptions, callsRouter } from './calls-routes.js';
import { customFieldsRouter } from './custom-field-routes.js';
import { presentFailure } from './errors.js';
import { FILES_FIELD, knowledgeRouter } from './knowledge-routes.js';
import { CALLFLUENT_BASE_PATH, describeCallfluent } from './openapi.js';
import { Workspace } from './workspace.js';

export type CallfluentDialectOptions = AgentsRouterOptions &
  CallsRouterOptions & {
    publicNumbers: PublicNumbers;
    organizations: OrganizationService;
    corsOrigins: readonly string[];
    keys: KeyService;
    limit: RequestLimit;
    bodyLimitBytes: number;
    readiness: () => Readiness;
  };

/** Agents in workspaces, all by number. */
export function callfluentDialect(options: CallfluentDialectOptions): Dialect {
  const router = Router();
  const workspace = new Workspace({ ...options, numbers: options.publicNumbers, origins: options });
  router.use(authenticate(options.keys, 'callfluent', options.limit));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.put('/knowledge/:id', documentsBody(FILES_FIELD));
  router.use(jsonBody(options.bodyLimitBytes));
  router.use(agentsRouter(workspace, options));
  router.use(knowledgeRouter(workspace, options.documents));
  router.use(customFieldsRouter(workspace, options.agents));
  router.use(callsRouter(workspace, options));
  router.use(actionsRouter(workspace, options.actions));
  return { basePath: CALLFLUENT_BASE_PATH, router, presentFailure, describe: describeCallfluent };
}
