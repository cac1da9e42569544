import type { RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../core/errors.js';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS } from '../../domain/session.js';
import type { Upload } from '../../sessions/attachment-store.js';

const FIELD = 'attachments';
const LIMITS = {
  fileSize: MAX_ATTACHMENT_BYTES,
  files: MAX_ATTACHMENTS,
  fields: 5,
  fieldSize: 100_000,
  parts: MAX_ATTACHMENTS + 5,
  headerPairs: 20,
};

/**
 * Reads a form (RFC 7578) with a message: its fields become `req.body`, and `attachmentsOf` finds the files in the field `attachments`. To
 * stand before the parser of JSON bodies, which passes such a request on.
 */
export function messageForm(): RequestHandler {
  const form = multer({ storage: multer.memoryStorage(), limits: LIMITS, defParamCharset: 'utf8' }).array(FIELD);
  return (req, res, next) => {
    form(req, res, (thrown: unknown) => {
      if (!thrown) return next();
      if (!(thrown instanceof multer.MulterError)) return next(fault('body', 'cannot be read: the form is damaged', thrown));
      if (thrown.code === 'LIMIT_FILE_SIZE') return next(Object.assign(new Error('attachment too large'), { status: 413 }));
      next(fault(FIELD, `must be at most ${MAX_ATTACHMENTS} files, beside few fields of text`, thrown));
    });
  };
}

/** What `messageForm` has found. */
export const attachmentsOf = ({ files }: Pick<Express.Request, 'files'>): Upload[] =>
  Array.isArray(files) ? files.map(({ originalname: name, buffer: bytes }) => ({ name, bytes })) : [];

const fault = (field: string, message: string, cause: unknown): AppError =>
  new AppError('invalid_request', `form: ${field} ${message}`, { cause, faults: [{ field, message }] });
