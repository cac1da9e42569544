import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../../core/errors.js';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_MESSAGE_CHARACTERS } from '../../../domain/session.js';
import type { Upload } from '../../../sessions/attachment-store.js';

const FILES = 'attachments';
const LIMITS = {
  files: MAX_ATTACHMENTS,
  fileSize: MAX_ATTACHMENT_BYTES,
  fields: 10,
  /** In UTF-8. */
  fieldSize: MAX_MESSAGE_CHARACTERS * 4,
  headerPairs: 20,
};
/** Ten of the largest at once would be much to hold for everybody who asks. */
const MAX_FORM_BYTES = 32 * 1024 * 1024;

/** Reads the form of a message (RFC 7578): `req.body` becomes its fields, `uploadsOf` finds its files. To stand before the parser of JSON. */
export function messageForm(): RequestHandler {
  const form = multer({ storage: multer.memoryStorage(), limits: LIMITS, defParamCharset: 'utf8' }).array(FILES);
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) return next(fault('body', 'must be sent as multipart/form-data'));
    if (Number(req.get('content-length') ?? 0) > MAX_FORM_BYTES) return next(tooMuch());
    form(req, res, (thrown: unknown) => {
      if (thrown) next(toFault(thrown));
      else if (uploadsOf(req).reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_FORM_BYTES) next(tooMuch());
      else next();
    });
  };
}

/** What `messageForm` has found. */
export const uploadsOf = ({ files }: Pick<Request, 'files'>): Upload[] =>
  Array.isArray(files) ? files.map(({ originalname, buffer }) => ({ name: originalname, bytes: buffer })) : [];

const tooMuch = (): AppError => fault(FILES, `must not have more than ${MAX_FORM_BYTES} bytes together`);

const fault = (field: string, message: string, cause?: unknown): AppError =>
  new AppError('invalid_request', `form: ${field} ${message}`, { cause, faults: [{ field, message }] });

function toFault(thrown: unknown): AppError {
  if (!(thrown instanceof multer.MulterError)) return fault('body', 'is damaged', thrown);
  switch (thrown.code) {
    case 'LIMIT_FILE_SIZE':
      return fault(FILES, `must not have more than ${MAX_ATTACHMENT_BYTES} bytes each`, thrown);
    case 'LIMIT_FILE_COUNT':
      return fault(FILES, `must not be more than ${MAX_ATTACHMENTS}`, thrown);
    case 'LIMIT_UNEXPECTED_FILE':
      return fault(thrown.field ?? 'body', `must not be a file: files are sent as ${FILES}`, thrown);
    case 'LIMIT_FIELD_VALUE':
      return fault(thrown.field ?? 'body', 'is too long', thrown);
    default:
      return fault('body', 'has too many parts', thrown);
  }
}
