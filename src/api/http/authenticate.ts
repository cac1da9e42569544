import type { Request, RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';
import type { KeyService } from '../../keys/key-service.js';
import type { RequestLimit } from './rate-limit.js';
import { setPrincipal } from './request-context.js';

const MAX_KEY_LENGTH = 512;

/** The key from `Authorization: Bearer …`, else from `?api_key=` (for players and browsers, which cannot set headers). */
export function keyOf(req: Request): string | undefined {
  const header = req.get('authorization');
  if (header !== undefined) return /^Bearer +(\S+) *$/i.exec(header)?.[1];
  const { api_key: query } = req.query;
  return typeof query === 'string' && query !== '' ? query : undefined;
}

/**
 * Lets nobody past without a key that holds, nor with one that is used too often.
 *
 * Requests without a good key count for their address: whoever guesses is slowed down, and costs those beside him nothing.
 */
export function authenticate(keys: KeyService, limit: RequestLimit): RequestHandler {
  return async (req, res, next) => {
    const key = keyOf(req);
    const principal = key === undefined || key.length > MAX_KEY_LENGTH ? undefined : await keys.authenticate(key);
    if (!principal) {
      await limit.count(res, `address ${req.ip ?? ''}`);
      res.setHeader('WWW-Authenticate', 'Bearer');
      throw new AppError('unauthorized', key === undefined ? 'no api key' : 'unknown or revoked api key');
    }
    await limit.count(res, `key ${principal.keyId ?? 'of the configuration'}`);
    setPrincipal(res, principal);
    next();
  };
}
