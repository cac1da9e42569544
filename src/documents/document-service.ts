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
type Draft = { document: Document; bytes: Buffer };

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
    await this.#checkAgent(tenant, agent);
    if (!file) throw refused('must be sent as a part of multipart/form-data');
    const draft = this.#drafted(tenant, agent, file);
    await this.#keep([draft]);
    return draft.document;
  }

  /** All of them, or none. @throws AppError as `upload`. */
  async uploadAll(tenant: TenantId, agent: AgentId, files: readonly UploadedFile[]): Promise<Document[]> {
    await this.#checkAgent(tenant, agent);
    const drafts = files.map((file) => this.#drafted(tenant, agent, file));
    await this.#keep(drafts);
    return drafts.map(({ document }) => document);
  }

  #drafted(tenant: TenantId, agent: AgentId, file: UploadedFile): Draft {
    const name = file.name.normalize('NFC').trim();
    const type = typeOf(name, file.bytes);
    const id = newDocumentId();
    const nowMs = this.#deps.clock.nowMs();
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
    return { document, bytes: file.bytes };
  }

  async #keep(drafts: readonly Draft[]): Promise<void> {
    const { documents, dataDir, onUploaded } = this.#deps;
    await mkdir(join(dataDir, DOCUMENTS_FOLDER), { recursive: true });
    const paths = drafts.map(({ document }) => join(dataDir, document.path));
    try {
      for (const { document, bytes } of drafts) await writeFile(join(dataDir, document.path), bytes, { flag: 'wx' });
      await documents.insertAll(drafts.map(({ document }) => document));
    } catch (error) {
      for (const path of paths) await rm(path, { force: true });
      throw error;
    }
    onUploaded();
  }

  /** @throws AppError `agent_not_found` */
  async list(tenant: TenantId, agent: AgentId, page: Page): Promise<Listed<Document>> {
    await this.#checkAgent(tenant, agent);
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

  /** Whose it is. @throws AppError `document_not_found` */
  async agentOf(tenant: TenantId, id: DocumentId): Promise<AgentId> {
    const agent = await this.#deps.documents.agentOf(tenant, id);
    if (agent === undefined) throw notFound(id);
    return agent;
  }

  async #checkAgent(tenant: TenantId, id: AgentId): Promise<void> {
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
