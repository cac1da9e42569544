import type { RequestHandler, Response } from 'express';
import { v7 } from 'uuid';
import type { Clock } from '../../core/clock.js';
import { AppError } from '../../core/errors.js';
import type { ApiKeyId } from '../../core/ids.js';
import type { Principal } from '../../domain/principal.js';

/** What the layers before a route have found out about its request. */
type Context = { requestId: string; nowMs: () => number; principal?: Principal; showsSecret?: boolean };
const contextOf = (res: Response): Context => res.locals as Context;

const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Takes the caller's `X-Request-Id` where it is harmless in logs and headers, makes one otherwise, and sends it back. */
export function requestContext(clock: Clock): RequestHandler {
  return (req, res, next) => {
    const given = req.get('x-request-id');
    const requestId = given !== undefined && ACCEPTABLE_ID.test(given) ? given : v7();
    Object.assign(contextOf(res), { requestId, nowMs: () => clock.nowMs() });
    res.setHeader('X-Request-Id', requestId);
    next();
  };
}

export const requestIdOf = (res: Response): string => contextOf(res).requestId;
export const nowMsOf = (res: Response): number => contextOf(res).nowMs();

/** What is answered shows a secret that is shown only once: nobody may keep the answer. */
export function markSecret(res: Response): void {
  contextOf(res).showsSecret = true;
}

export const showsSecret = (res: Response): boolean => contextOf(res).showsSecret === true;

export function setPrincipal(res: Response, principal: Principal): void {
  contextOf(res).principal = principal;
}

/** @throws AppError `unauthorized` when no authentication came before: a route without it answers nobody. */
export function principalOf(res: Response): Principal {
  const { principal } = contextOf(res);
  if (!principal) throw new AppError('unauthorized', 'route reached without authentication');
  return principal;
}

/** The key on whose account goes what this request asks for; undefined for a person, and for the key of the configuration. */
export function keyOf(res: Response): ApiKeyId | undefined {
  const principal = principalOf(res);
  return principal.kind === 'key' ? principal.keyId : undefined;
}
