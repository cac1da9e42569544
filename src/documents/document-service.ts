import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, type DocumentId, newDocumentId, type TenantId } from '../core/ids.js';
import { type Document, MAX_DOCUMENT_BYTES } from '../domain/document.js';
import type { DocumentRepository } from '../domain/ports/documents.js';
import type { AgentRepository, Listed, Page } from '../domain/ports/repositories.js';
import { documentTypeOf, EXTENSIONS_TAKEN } from './document-type.js';

/** Of all originals, below the data directory. */
export const DOCUMENTS_FOLDER = 'documents';
const MAX_NAME_CHARACTERS = 255;

export type UploadedFile = { name: string; bytes: Buffer };

export type DocumentServiceDeps = {
  documents: DocumentRepository;
  agents: Pick<AgentRepository, 'find'>;
  dataDir: string;
  clock: Clock;
  /** There is one to be read. */
  onUploaded: () => void;
  /** The file of one that was deleted waits to be removed. */
  removeFiles: () => Promise<void>;
};

/** The documents that agents look things up in. */
export class DocumentService {
  readonly #deps: DocumentServiceDeps;

  constructor(deps: DocumentServiceDeps) {
    this.#deps = deps;
  }

  /**
   * Keeps the original; its text is read afterwards.
   *
   * @throws AppError `agent_not_found`, `invalid_request` for what is no document, `conflict` when the agent has too many.
   */
  async upload(tenant: TenantId, agent: AgentId, file: UploadedFile | undefined): Promise<Document> {
    const { documents, dataDir, clock, onUploaded } = this.#deps;
    await this.#agentOf(tenant, agent);
    if (!file) throw refused('must be sent as a part of multipart/form-data');
    const name = file.name.normalize('NFC').trim();
    const type = typeOf(name, file.bytes);
    const id = newDocumentId();
    const nowMs = clock.nowMs();
    const document: Document = {
      id,
      tenantId: tenant,
      agentId: agent,
      name,
      type,
      sizeBytes: file.bytes.length,
      path: join(DOCUMENTS_FOLDER, id),
      state: 'processing',
      failure: undefined,
      pages: undefined,
      chunks: 0,
      embeddedBy: undefined,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    const path = join(dataDir, document.path);
    await mkdir(join(dataDir, DOCUMENTS_FOLDER), { recursive: true });
    await writeFile(path, file.bytes, { flag: 'wx' });
    try {
      await documents.insert(document);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    onUploaded();
    return document;
  }

  /** @throws AppError `agent_not_found` */
  async list(tenant: TenantId, agent: AgentId, page: Page): Promise<Listed<Document>> {
    await this.#agentOf(tenant, agent);
    return await this.#deps.documents.list(tenant, agent, page);
  }

  /** @throws AppError `document_not_found` */
  async get(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<Document> {
    const document = await this.#deps.documents.find(tenant, agent, id);
    if (!document) throw notFound(id);
    return document;
  }

  /** Resolves when its original is gone, too. @throws AppError `document_not_found` */
  async delete(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<void> {
    if (!(await this.#deps.documents.delete(tenant, agent, id))) throw notFound(id);
    await this.#deps.removeFiles();
  }

  async #agentOf(tenant: TenantId, id: AgentId): Promise<void> {
    if (!(await this.#deps.agents.find(tenant, id))) throw new AppError('agent_not_found', `no agent ${id}`);
  }
}

const notFound = (id: DocumentId): AppError => new AppError('document_not_found', `no document ${id}`);

const refused = (message: string): AppError =>
  new AppError('invalid_request', `document ${message}`, { faults: [{ field: 'file', message }] });

function typeOf(name: string, bytes: Buffer): Document['type'] {
  if (name === '' || name.length > MAX_NAME_CHARACTERS || /[\p{Cc}\p{Surrogate}]/u.test(name)) {
    throw refused(`must have a name of 1 to ${MAX_NAME_CHARACTERS} characters`);
  }
  if (bytes.length === 0) throw refused('is empty');
  if (bytes.length > MAX_DOCUMENT_BYTES) throw refused(`must not have more than ${MAX_DOCUMENT_BYTES} bytes`);
  const type = documentTypeOf(name, bytes);
  if (type === undefined) throw refused(`must be what its name says, and one of ${EXTENSIONS_TAKEN.join(', ')}`);
  return type;
}
