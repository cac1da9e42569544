import type { Request, Response } from 'express';
import { AppError } from '../../../core/errors.js';
import type { Call } from '../../../domain/call.js';
import type { CallRepository } from '../../../domain/ports/repositories.js';
import { callIdOf } from '../../http/path-id.js';
import { principalOf } from '../../http/request-context.js';

/**
 * The call a request is about.
 *
 * @throws AppError `call_not_found` for another tenant's call too: its existence is none of the asker's business.
 */
export async function findCall(calls: CallRepository, req: Request<{ id: string }>, res: Response): Promise<Call> {
  const call = await calls.find(principalOf(res).tenantId, callIdOf(req));
  if (!call) throw new AppError('call_not_found', 'no such call');
  return call;
}
