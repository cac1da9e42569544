import type { RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';

/** POSTs that begin nothing: calls go on while the server drains, and what they end or hold must be able to end. */
const BEGINS_NOTHING = /\/(?:end|cancel|hangup|pause|logout|revoke|say|inject|dtmf|transfer)\/*$/i;

/** Refuses new work of a server that is about to stop; what is there can be read, changed and ended. */
export function drainGate(isDraining: () => boolean): RequestHandler {
  return (req, _res, next) => {
    if (req.method === 'POST' && isDraining() && !BEGINS_NOTHING.test(req.path)) {
      throw new AppError('draining', 'new work while draining');
    }
    next();
  };
}
