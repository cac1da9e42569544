import { Router } from 'express';
import type { KeyService } from '../../../keys/key-service.js';
import { authenticate } from '../../http/authenticate.js';
import type { Dialect } from '../../http/dialect.js';
import { drainGate } from '../../http/drain-gate.js';
import { jsonBody } from '../../http/json-body.js';
import type { Readiness } from '../../http/operations.js';
import type { RequestLimit } from '../../http/rate-limit.js';
import { presentFailure } from './errors.js';

export type FlametalkDialectOptions = {
  keys: KeyService;
  limit: RequestLimit;
  bodyLimitBytes: number;
  readiness: () => Readiness;
};

/** A REST dialect with envelopes and offsets, for CRMs. */
export function flametalkDialect(options: FlametalkDialectOptions): Dialect {
  const router = Router();
  router.use(authenticate(options.keys, 'flametalk', options.limit));
  router.use(drainGate(() => options.readiness().state === 'draining'));
  router.use(jsonBody(options.bodyLimitBytes));
  return { basePath: '/v1', router, presentFailure, describe: () => {} };
}
