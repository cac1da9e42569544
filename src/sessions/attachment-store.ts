import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.js';
import { newAttachmentId, type TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { RecordingKeys } from '../core/recording-seal.js';
import { openedFile, sealedFile } from '../core/sealed-file.js';
import type { DocumentType } from '../domain/document.js';
import type { ChatSessionRepository } from '../domain/ports/chat-sessions.js';
import type { DocumentReader } from '../domain/ports/documents.js';
import { MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, type StoredAttachment } from '../domain/session.js';
import { ATTACHMENTS_TAKEN, attachmentTypeOf } from './attachment-type.js';

/** Of all attachments, below the data directory. */
const FOLDER = 'attachments';
const MAX_NAME_CHARACTERS = 255;
/** What a model is given of one file. */
const MAX_TEXT_CHARACTERS = 20_000;

export type Upload = { name: string; bytes: Buffer };

export type AttachmentStoreDeps = {
  sessions: Pick<ChatSessionRepository, 'hasFile'>;
  reader: DocumentReader;
  /** Encrypts files where recordings are encrypted. */
  keys: RecordingKeys;
  dataDir: string;
  log: Logger;
};

/** The files that contacts send along, and what can be read in them. */
export class AttachmentStore {
  readonly #deps: AttachmentStoreDeps;

  constructor(deps: AttachmentStoreDeps) {
    this.#deps = deps;
  }

  /** Removes what an earlier process wrote and did not come to note down. */
  async start(): Promise<void> {
    const { sessions, dataDir } = this.#deps;
    for (const name of await readdir(join(dataDir, FOLDER)).catch(() => [])) {
      const path = join(FOLDER, name);
      if (!(await sessions.hasFile(path))) await rm(join(dataDir, path), { force: true, recursive: true });
    }
  }

  /** Whoever keeps them stores what it returns, or discards it. @throws AppError `invalid_request` for files that are not taken: then none is kept. */
  async keep(tenant: TenantId, uploads: readonly Upload[], signal: AbortSignal): Promise<StoredAttachment[]> {
    if (uploads.length > MAX_ATTACHMENTS) throw refused(`must not be more than ${MAX_ATTACHMENTS}`);
    const checked = uploads.map(checkedUpload);
    const kept: StoredAttachment[] = [];
    try {
      for (const upload of checked) kept.push(await this.#keep(tenant, upload, signal));
      return kept;
    } catch (error) {
      await this.discard(kept);
      throw error;
    }
  }

  async discard(kept: readonly StoredAttachment[]): Promise<void> {
    for (const { path } of kept) await rm(join(this.#deps.dataDir, path), { force: true });
  }

  /** @throws AppError `not_found` when its file is gone or its key is not known. */
  async read(tenant: TenantId, { path }: { path: string }): Promise<Buffer> {
    const { dataDir, keys } = this.#deps;
    try {
      return openedFile(await readFile(join(dataDir, path)), keys, tenant);
    } catch (cause) {
      throw new AppError('not_found', 'attachment cannot be read', { cause, publicMessage: 'The attachment cannot be read' });
    }
  }

  async #keep(tenant: TenantId, { name, bytes, type }: CheckedUpload, signal: AbortSignal): Promise<StoredAttachment> {
    const { dataDir, keys } = this.#deps;
    const id = newAttachmentId();
    const path = join(FOLDER, id);
    const file = join(dataDir, path);
    const text = type.document && (await this.#textOf(file, bytes, type.document, signal));
    await mkdir(join(dataDir, FOLDER), { recursive: true });
    await writeFile(file, sealedFile(bytes, keys, tenant), { flag: 'wx' });
    return { id, name, contentType: type.contentType, sizeBytes: bytes.length, path, text };
  }

  /** Undefined where nothing can be read in it: the model is told its name. */
  async #textOf(file: string, bytes: Buffer, type: DocumentType, signal: AbortSignal): Promise<string | undefined> {
    const { dataDir, reader, log } = this.#deps;
    const plain = `${file}.part`;
    await mkdir(join(dataDir, FOLDER), { recursive: true });
    try {
      await writeFile(plain, bytes, { flag: 'wx' });
      const reading = await reader.read(plain, type, signal);
      if ('failure' in reading) {
        log.info({ type, failure: reading.failure, sizeBytes: bytes.length }, 'nothing read in an attachment');
        return undefined;
      }
      const parts = reading.chunks.map(({ heading, text }) => (heading === '' ? text : `${heading}\n${text}`));
      return parts.join('\n\n').slice(0, MAX_TEXT_CHARACTERS);
    } finally {
      await rm(plain, { force: true });
    }
  }
}

type CheckedUpload = Upload & { type: NonNullable<ReturnType<typeof attachmentTypeOf>> };

function checkedUpload({ name: given, bytes }: Upload): CheckedUpload {
  const name = given.normalize('NFC').trim();
  if (name === '' || name.length > MAX_NAME_CHARACTERS || /[\p{Cc}\p{Surrogate}]/u.test(name)) {
    throw refused(`must have names of 1 to ${MAX_NAME_CHARACTERS} characters`);
  }
  if (bytes.length === 0) throw refused('must not be empty');
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw refused(`must not have more than ${MAX_ATTACHMENT_BYTES} bytes each`);
  const type = attachmentTypeOf(name, bytes);
  if (!type) throw refused(`must be what their names say, and of these: ${ATTACHMENTS_TAKEN}`);
  return { name, bytes, type };
}

const refused = (message: string): AppError =>
  new AppError('invalid_request', `attachments ${message}`, { faults: [{ field: 'attachments', message }] });
