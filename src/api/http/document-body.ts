import type { RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../core/errors.js';
import type { UploadedFile } from '../../documents/document-service.js';
import { MAX_DOCUMENT_BYTES } from '../../domain/document.js';

const FIELD = 'file';
const LIMITS = { fileSize: MAX_DOCUMENT_BYTES, files: 1, fields: 0, parts: 2, headerPairs: 20 };

/**
 * Reads a form (RFC 7578) with one file in the field `file`, which `uploadedFile` then finds; `req.body` becomes its bytes. To stand
 * before the parser of JSON bodies, which knows no other.
 */
export function documentBody(): RequestHandler {
  const form = multer({ storage: multer.memoryStorage(), limits: LIMITS, defParamCharset: 'utf8' }).single(FIELD);
  return (req, res, next) => {
    form(req, res, (thrown: unknown) => {
      if (thrown) next(toFault(thrown));
      else if (req.is('multipart/form-data') && !req.file) next(fault('must be sent'));
      else {
        if (req.file) req.body = req.file.buffer;
        next();
      }
    });
  };
}

/** What `documentBody` has found. */
export const uploadedFile = ({ file }: { file?: Express.Multer.File | undefined }): UploadedFile | undefined =>
  file && { name: file.originalname, bytes: file.buffer };

const fault = (message: string, cause?: unknown): AppError =>
  new AppError('invalid_request', `form: ${FIELD} ${message}`, { cause, faults: [{ field: FIELD, message }] });

/** 413 is said with the status, as the parser of JSON bodies does. */
function toFault(thrown: unknown): unknown {
  if (!(thrown instanceof multer.MulterError)) return fault('cannot be read: the form is damaged', thrown);
  if (thrown.code === 'LIMIT_FILE_SIZE') return Object.assign(new Error('document too large'), { status: 413 });
  return fault(`must be the only part of the form, with the name ${FIELD}`, thrown);
}
