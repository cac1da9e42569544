import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';

/** No document of ours is nested deeper; what is would overflow the stack of whoever walks it. */
const MAX_DEPTH = 32;

/** Parses JSON bodies. Anything that is not well-formed UTF-8 JSON of reasonable size and depth fails with its reason. */
export function jsonBody(limitBytes: number): RequestHandler[] {
  return [
    express.json({
      limit: limitBytes,
      verify: (_req, _res, bytes) => {
        if (!isUtf8(bytes)) throw badBody('The body is not valid UTF-8');
      },
    }),
    (req, _res, next) => {
      const hasBody = Number(req.get('content-length') ?? 0) > 0 || req.get('transfer-encoding') !== undefined;
      if (hasBody && req.body === undefined) throw badBody('The body must be sent as Content-Type: application/json');
      if (deeperThan(req.body, MAX_DEPTH)) throw badBody(`The body is nested deeper than ${MAX_DEPTH} levels`);
      next();
    },
  ];
}

const badBody = (publicMessage: string): AppError => new AppError('invalid_request', publicMessage, { publicMessage });

/** Walks level by level, without recursion, since the depth is what is in doubt. */
function deeperThan(root: unknown, levels: number): boolean {
  // A file that somebody else has read.
  if (Buffer.isBuffer(root)) return false;
  let level = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
