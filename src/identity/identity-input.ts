import { AppError } from '../core/errors.js';

/** RFC 5321 section 4.5.3.1.3, less the angle brackets. */
const MAX_EMAIL_LENGTH = 254;
/** One address and nothing that a mail program takes for a list, a name or a comment. */
const EMAIL = /^[^\s@,;:<>()[\]"\\]+@[^\s@,;:<>()[\]"\\]+$/;
const MAX_NAME_LENGTH = 200;
const MAX_ORIGINS = 50;
const MAX_ORIGIN_LENGTH = 300;

/** In lower case. @throws AppError `invalid_request` for what is no address. */
export function emailAddress(text: string): string {
  const email = text.trim().normalize('NFC').toLowerCase();
  if (email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email)) return email;
  throw fault('email', 'must be an e-mail address');
}

/** @throws AppError `invalid_request` for one that is blank or a novel. */
export function properName(text: string): string {
  const name = text.trim();
  if (name !== '' && name.length <= MAX_NAME_LENGTH) return name;
  throw fault('name', `must have 1 to ${MAX_NAME_LENGTH} characters`);
}

/** As browsers send them, each once. `field` is what faults call them. @throws AppError `invalid_request` for any that no browser sends. */
export function origins(texts: readonly string[], field = 'cors_origins'): string[] {
  if (texts.length > MAX_ORIGINS) throw fault(field, `must not be more than ${MAX_ORIGINS}`);
  for (const [index, text] of texts.entries()) {
    if (text.length <= MAX_ORIGIN_LENGTH && /^https?:/.test(text) && URL.parse(text)?.origin === text) continue;
    throw fault(`${field}.${index}`, 'must be an origin like https://app.example.com');
  }
  return [...new Set(texts)];
}

const fault = (field: string, message: string): AppError =>
  new AppError('invalid_request', `${field} ${message}`, { faults: [{ field, message }] });
