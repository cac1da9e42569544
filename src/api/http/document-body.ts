import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { AppError } from '../../core/errors.js';
import type { UploadedFile } from '../../documents/document-service.js';
import { MAX_DOCUMENT_BYTES } from '../../domain/document.js';

const FIELD = 'file';
/** They are held in memory until they are kept. */
const MAX_FILES = 10;

/**
 * Reads a form (RFC 7578) with one file in the field `file`, which `uploadedFile` then finds; `req.body` becomes its bytes. To stand
 * before the parser of JSON bodies, which knows no other.
 */
export const documentBody = (): RequestHandler => filesBody(FIELD, 1);

/** As `documentBody`, with up to ten files in fields of this name, which `uploadedFiles` then finds. */
export const documentsBody = (field: string): RequestHandler => filesBody(field, MAX_FILES);

function filesBody(field: string, files: number): RequestHandler {
  const limits = { fileSize: MAX_DOCUMENT_BYTES, files, fields: 0, parts: files + 1, headerPairs: 20 };
  const form = multer({ storage: multer.memoryStorage(), limits, defParamCharset: 'utf8' }).array(field);
  return (req, res, next) => {
    form(req, res, (thrown: unknown) => {
      const [first] = filesOf(req);
      if (thrown) next(toFault(thrown, field, files));
      else if (req.is('multipart/form-data') && !first) next(fault(field, 'must be sent'));
      else {
        if (first) req.body = first.buffer;
        next();
      }
    });
  };
}

/** What `documentBody` has found. */
export const uploadedFile = (req: Request): UploadedFile | undefined => uploadedFiles(req)[0];

/** What `documentsBody` has found. */
export const uploadedFiles = (req: Pick<Request, 'files'>): UploadedFile[] =>
  filesOf(req).map(({ originalname, buffer }) => ({ name: originalname, bytes: buffer }));

const filesOf = ({ files }: Pick<Request, 'files'>): Express.Multer.File[] => (Array.isArray(files) ? files : []);

const fault = (field: string, message: string, cause?: unknown): AppError =>
  new AppError('invalid_request', `form: ${field} ${message}`, { cause, faults: [{ field, message }] });

/** 413 is said with the status, as the parser of JSON bodies does. */
function toFault(thrown: unknown, field: string, files: number): unknown {
  if (!(thrown instanceof multer.MulterError)) return fault(field, 'cannot be read: the form is damaged', thrown);
  if (thrown.code === 'LIMIT_FILE_SIZE') return Object.assign(new Error('document too large'), { status: 413 });
  const message =
    files === 1 ? `must be the only part of the form, with the name ${field}` : `must be up to ${files} files, and nothing else`;
  return fault(field, message, thrown);
}
