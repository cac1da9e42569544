import type { Request, RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';
import type { DialectName } from '../../domain/api-key.js';
import type { Principal } from '../../domain/principal.js';
import type { KeyService } from '../../keys/key-service.js';
import type { SessionAccess } from './access/session-access.js';
import type { RequestLimit } from './rate-limit.js';
import { setPrincipal } from './request-context.js';

const MAX_KEY_LENGTH = 512;

/** The key from `Authorization: Bearer …`, else in `core` from `?api_key=` (for players and browsers, which cannot set headers). */
function keyOf(req: Request, dialect: DialectName): string | undefined {
  const header = req.get('authorization');
  if (header !== undefined) return /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (dialect !== 'core') return undefined;
  const { api_key: query } = req.query;
  return typeof query === 'string' && query !== '' ? query : undefined;
}

/**
 * Lets nobody past without a key of this dialect that holds, nor with one that is used too often. Where `people` is given, a session does as well;
 * a key goes before it, since it was sent on purpose.
 *
 * Requests without a good key count for their address: whoever guesses is slowed down, and costs those beside him nothing.
 */
export function authenticate(
  keys: KeyService,
  dialect: DialectName,
  limit: RequestLimit,
  people?: SessionAccess,
): RequestHandler {
  return async (req, res, next) => {
    const key = keyOf(req, dialect);
    const hasKey = key !== undefined || req.get('authorization') !== undefined;
    const principal = hasKey ? await byKey(keys, dialect, key) : await people?.principalOf(req);
    if (!principal) {
      await limit.count(res, `address ${req.ip ?? ''}`);
      res.setHeader('WWW-Authenticate', 'Bearer');
      throw new AppError('unauthorized', hasKey ? 'unknown or revoked api key' : 'no api key and no session');
    }
    await limit.count(res, holderOf(principal));
    if (principal.kind === 'session') people?.refuseForgery(req);
    setPrincipal(res, principal);
    next();
  };
}

const byKey = async (keys: KeyService, dialect: DialectName, key: string | undefined): Promise<Principal | undefined> =>
  key === undefined || key.length > MAX_KEY_LENGTH ? undefined : await keys.authenticate(key, dialect);

/** Whose requests are counted together. */
const holderOf = (principal: Principal): string =>
  principal.kind === 'key' ? `key ${principal.keyId ?? 'of the configuration'}` : `user ${principal.userId}`;
