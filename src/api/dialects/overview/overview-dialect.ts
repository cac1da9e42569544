import { Router } from 'express';
import type { KeyService } from '../../../keys/key-service.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import { RequestLimit } from '../../http/rate-limit.js';
import { presentFailure } from './errors.js';

export type OverviewDialectOptions = {
  keys: KeyService;
  bodyLimitBytes: number;
  readiness: () => Readiness;
};

const REQUESTS_PER_MINUTE = 100;

/** Commands to calls, texts and agents, at the root. */
export function overviewDialect(options: OverviewDialectOptions): Dialect {
  const router = Router();
  router.use(authenticate(options.keys, 'overview', new RequestLimit(REQUESTS_PER_MINUTE)));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.use(jsonBody(options.bodyLimitBytes));
  return { basePath: '', roots: ['/calls', '/agents', '/texts'], router, presentFailure, describe: () => {} };
}
