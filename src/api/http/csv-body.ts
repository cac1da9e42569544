import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { AppError } from '../../core/errors.js';

/** Reads bodies of `Content-Type: text/csv` as text; others are left to the next parser. */
export function csvBody(limitBytes: number): RequestHandler {
  return express.text({
    type: 'text/csv',
    limit: limitBytes,
    verify: (_req, _res, bytes) => {
      if (isUtf8(bytes)) return;
      throw new AppError('invalid_request', 'CSV is not UTF-8', { publicMessage: 'The body is not valid UTF-8' });
    },
  });
}
