import type { RequestHandler, Response } from 'express';
import { AppError } from '../../../core/errors.js';
import { MANAGED_RESOURCES, type Permission, permits, type Resource, type SessionPrincipal } from '../../../domain/principal.js';
import { principalOf } from '../request-context.js';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a request with `method` needs: reading is one thing, everything else another. */
export const neededPermission = <R extends Resource>(resource: R, method: string): `${R}:${'read' | 'write'}` =>
  `${resource}:${READS.has(method.toUpperCase()) ? 'read' : 'write'}`;

export const isManaged = (resource: string): boolean => MANAGED_RESOURCES.some((managed) => managed === resource);

/** Lets only those on to `resource` who may do there what they ask for. To stand after authentication. */
export function requirePermission(resource: Resource): RequestHandler {
  return (req, res, next) => {
    if (isManaged(resource)) sessionOf(res);
    demand(res, neededPermission(resource, req.method));
    next();
  };
}

/** @throws AppError `forbidden` for who may not. */
export function demand(res: Response, permission: Permission): void {
  const principal = principalOf(res);
  if (permits(principal, permission)) return;
  const why =
    principal.kind === 'key' ? `needs the scope ${permission}` : `your role (${principal.role}) does not include ${permission}`;
  throw new AppError('forbidden', `lacks ${permission}`, { publicMessage: `Insufficient permissions: ${why}` });
}

/** Who is logged in. @throws AppError `forbidden` for a key. */
export function sessionOf(res: Response): SessionPrincipal {
  const principal = principalOf(res);
  if (principal.kind === 'session') return principal;
  throw new AppError('forbidden', 'key used where a session is needed', {
    publicMessage: 'API keys are not accepted here: log in at /api/v1/auth/login and use the session',
  });
}
