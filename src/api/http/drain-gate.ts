import type { RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';

/** POSTs that begin nothing: what they end or hold must be able to end while the server drains. */
const ENDS_SOMETHING = /\/(?:end|cancel|hangup|pause|logout|revoke)\/*$/i;

/** Refuses new work of a server that is about to stop; what is there can be read, changed and ended. */
export function drainGate(isDraining: () => boolean): RequestHandler {
  return (req, _res, next) => {
    if (req.method === 'POST' && isDraining() && !ENDS_SOMETHING.test(req.path)) {
      throw new AppError('draining', 'new work while draining');
    }
    next();
  };
}
