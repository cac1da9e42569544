import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../../core/errors.js';
import type { Logger } from '../../core/log.js';
import type { IdempotencyRecord, IdempotencyRepository, IdempotencyScope } from '../../domain/idempotency.js';
import { nowMsOf, principalOf, requestIdOf, showsSecret } from './request-context.js';

const IDEMPOTENCY_HEADER = 'Idempotency-Key';
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;
const KEPT_MS = 24 * 60 * 60 * 1000;
const ACCEPTABLE_KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_IDEMPOTENCY_KEY_LENGTH}}$`);

/**
 * Makes a POST with an `Idempotency-Key` happen once: the same again within a day gets the first answer, whatever it was short of a
 * failure of ours. To stand after authentication and the body's parser.
 *
 * The answer is kept before it is sent, so whoever has seen it can rely on it. A request that the process died over is neither
 * repeated nor answered: it may have been done. Nor is one whose answer showed a secret, which is kept nowhere.
 */
export function idempotent(records: IdempotencyRepository, log: Logger): RequestHandler {
  const underWay = new Set<string>();
  return async (req, res, next) => {
    const key = req.method === 'POST' ? req.get(IDEMPOTENCY_HEADER) : undefined;
    if (key === undefined) {
      next();
      return;
    }
    const scope = scopeOf(req, res, key);
    const name = JSON.stringify(scope);
    if (underWay.has(name)) {
      res.setHeader('Retry-After', 1);
      throw conflict('The first request with this idempotency key is still under way');
    }
    underWay.add(name);
    const fingerprint = fingerprintOf(req.body);
    const nowMs = nowMsOf(res);
    const known = await records.claim(scope, { fingerprint, nowMs, expiresAtMs: nowMs + KEPT_MS }).catch((error: unknown) => {
      underWay.delete(name);
      throw error;
    });
    if (known) {
      underWay.delete(name);
      replay(res, known, fingerprint);
      return;
    }
    settleWith(res, async (answer) => {
      try {
        if (answer && showsSecret(res)) return;
        if (answer && answer.status < 500) await records.answer(scope, answer);
        else await records.release(scope);
      } catch (err) {
        // What was asked for is done: the client is told so, though it could not be told twice.
        log.error({ requestId: requestIdOf(res), err }, 'answer not kept for its idempotency key');
      } finally {
        underWay.delete(name);
      }
    });
    next();
  };
}

function scopeOf(req: Request, res: Response, key: string): IdempotencyScope {
  if (!ACCEPTABLE_KEY.test(key)) {
    const message = `must have 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} visible ASCII characters`;
    throw new AppError('invalid_request', `idempotency key ${message}`, { faults: [{ field: IDEMPOTENCY_HEADER, message }] });
  }
  const principal = principalOf(res);
  // Routes are matched without regard to case and a slash at the end, so neither makes another route here.
  const route = `${req.method} ${(req.baseUrl + req.path).toLowerCase().replace(/\/+$/, '')}`;
  const holder = principal.kind === 'key' ? (principal.keyId ?? 'configuration') : principal.userId;
  return { tenantId: principal.tenantId, holder, route, key };
}

/** Of the parsed body, with the keys of objects in order: a client that writes the same thing down anew means the same. */
function fingerprintOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return createHash('sha256').update(body).digest('hex');
  const text = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256')
    .update(text ?? '', 'utf8')
    .digest('hex');
}

function replay(res: Response, known: IdempotencyRecord, fingerprint: string): void {
  if (known.fingerprint !== fingerprint) throw conflict('The idempotency key was used with another body');
  if (!known.answer) {
    throw conflict(
      'The first answer to this idempotency key cannot be given again: it was interrupted, or showed a secret. ' +
        'Look whether it was done, then use another key',
    );
  }
  res.setHeader('Idempotent-Replayed', 'true');
  res.status(known.answer.status).type('json').send(known.answer.body);
}

const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });

/** Calls `settle` once: with the JSON answer before it is sent, or with nothing when the request ends in another way. */
function settleWith(res: Response, settle: (answer: { status: number; body: string } | undefined) => Promise<void>): void {
  const send = res.json.bind(res);
  let isSettled = false;
  const once = (answer: { status: number; body: string } | undefined): Promise<void> => {
    if (isSettled) return Promise.resolve();
    isSettled = true;
    return settle(answer);
  };
  res.json = (body: unknown) => {
    void once({ status: res.statusCode, body: JSON.stringify(body) }).then(() => send(body));
    return res;
  };
  // A client that hangs up does not end the request: what it began goes on, and answers `res.json` in the end.
  res.on('finish', () => void once(undefined));
}
