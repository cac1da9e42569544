import { Router } from 'express';
import type { KeyService } from '../../../keys/key-service.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { presentFailure } from './errors.js';

export type CallfluentDialectOptions = {
  keys: KeyService;
  limit: RequestLimit;
  bodyLimitBytes: number;
  readiness: () => Readiness;
};

/** Agents in workspaces, all by number. */
export function callfluentDialect(options: CallfluentDialectOptions): Dialect {
  const router = Router();
  router.use(authenticate(options.keys, 'callfluent', options.limit));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.use(jsonBody(options.bodyLimitBytes));
  return { basePath: '/api/agent', router, presentFailure, describe: () => {} };
}
