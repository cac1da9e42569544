import type { Response } from 'express';
import { AppError } from '../../../core/errors.js';

/** Aborts when the client has hung up: nobody is to speak for nobody. */
export function whileOpen(res: Response): AbortSignal {
  const gone = new AbortController();
  res.on('close', () => gone.abort(new AppError('provider_failed', 'the client hung up')));
  return gone.signal;
}
