import type { RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';
import { hasScope, type Scope, type ScopedResource } from '../../domain/api-key.js';
import { principalOf } from './request-context.js';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a request with `method` needs: reading is one thing, everything else another. */
export const neededScope = (resource: ScopedResource, method: string): Scope =>
  `${resource}:${READS.has(method.toUpperCase()) ? 'read' : 'write'}`;

/** Lets only keys on to `resource` that were made for it. To stand after authentication. */
export function requireScope(resource: ScopedResource): RequestHandler {
  return (req, res, next) => {
    const scope = neededScope(resource, req.method);
    if (!hasScope(principalOf(res), scope)) {
      throw new AppError('forbidden', `key lacks ${scope}`, {
        publicMessage: `Insufficient permissions: needs the scope ${scope}`,
      });
    }
    next();
  };
}
