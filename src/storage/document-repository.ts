import { setImmediate } from 'node:timers/promises';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { AppError } from '../core/errors.js';
import type { AgentId, DocumentId, TenantId } from '../core/ids.js';
import {
  type Chunk,
  type Document,
  type DocumentFailure,
  type DocumentState,
  type DocumentType,
  MAX_CHUNKS_PER_AGENT,
  MAX_DOCUMENTS_PER_AGENT,
} from '../domain/document.js';
import type { DocumentRepository, Vector } from '../domain/ports/documents.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { DocumentsTable } from './document-tables.js';
import { agentWord, bytesOf } from './passage-index.js';
import type { Tables } from './tables.js';

/** A long document takes the better part of a second to index: calls go on between two pieces. Only a whole one is found. */
const CHUNKS_AT_ONCE = 25;

type EmbeddedChunk = Chunk & { vector?: Vector | undefined };

export class SqlDocumentRepository implements DocumentRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  insert(document: Document): Promise<void> {
    return this.insertAll([document]);
  }

  insertAll(documents: readonly Document[]): Promise<void> {
    return this.#db.transaction().execute(async (trx) => {
      for (const document of documents) await insertOne(trx, document);
    });
  }

  async agentOf(tenant: TenantId, id: DocumentId): Promise<AgentId | undefined> {
    const row = await this.#db
      .selectFrom('documents')
      .select('agent_id')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.agent_id as AgentId | undefined;
  }

  async find(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<Document | undefined> {
    const row = await this.#of(tenant, agent).where('id', '=', id).executeTakeFirst();
    return row && toDocument(row);
  }

  async list(tenant: TenantId, agent: AgentId, page: Page): Promise<Listed<Document>> {
    const { total } = await this.#db
      .selectFrom('documents')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('tenant_id', '=', tenant)
      .where('agent_id', '=', agent)
      .executeTakeFirstOrThrow();
    const rows = await this.#of(tenant, agent).orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toDocument), total };
  }

  async delete(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('documents')
      .where('tenant_id', '=', tenant)
      .where('agent_id', '=', agent)
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async nextToRead(): Promise<Document | undefined> {
    const row = await this.#db
      .selectFrom('documents')
      .selectAll()
      .where('state', '=', 'processing')
      .orderBy('serial')
      .limit(1)
      .executeTakeFirst();
    return row && toDocument(row);
  }

  async settle(document: Document, chunks: readonly EmbeddedChunk[]): Promise<Document> {
    const fits = (await this.#chunksBeside(document)) + chunks.length <= MAX_CHUNKS_PER_AGENT;
    const failed = { state: 'failed', failure: 'too_many_chunks', chunks: 0, embeddedBy: undefined } as const;
    const settled: Document = fits ? document : { ...document, ...failed };
    // What an earlier process had stored of it when it died.
    await this.#db.deleteFrom('document_chunks').where('document_id', '=', document.id).execute();
    const kept = fits ? chunks : [];
    for (let at = 0; at < kept.length; at += CHUNKS_AT_ONCE) {
      if (!(await this.#insertChunks(document, kept.slice(at, at + CHUNKS_AT_ONCE), at + 1))) return settled;
      await setImmediate();
    }
    await this.#db.updateTable('documents').set(rowOf(settled)).where('id', '=', document.id).execute();
    return settled;
  }

  async hasFile(path: string): Promise<boolean> {
    const row = await this.#db.selectFrom('documents').select('serial').where('path', '=', path).executeTakeFirst();
    return row !== undefined;
  }

  async #chunksBeside({ agentId, id }: Document): Promise<number> {
    const { others } = await this.#db
      .selectFrom('documents')
      .select((eb) => eb.fn.coalesce(eb.fn.sum<number>('chunks'), sql<number>`0`).as('others'))
      .where('agent_id', '=', agentId)
      .where('id', '<>', id)
      .executeTakeFirstOrThrow();
    return others;
  }

  /** False: the document was deleted. */
  #insertChunks({ id, agentId, embeddedBy }: Document, chunks: readonly EmbeddedChunk[], sequence: number): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      if (!(await trx.selectFrom('documents').select('serial').where('id', '=', id).executeTakeFirst())) return false;
      const common = { document_id: id, agent: agentWord(agentId) };
      const rows = chunks.map(({ heading, text, vector }, index) => ({
        ...common,
        sequence: sequence + index,
        heading,
        text,
        model: vector ? (embeddedBy ?? null) : null,
        vector: vector ? bytesOf(vector) : null,
      }));
      for (const row of rows) await trx.insertInto('document_chunks').values(row).execute();
      return true;
    });
  }

  #of(tenant: TenantId, agent: AgentId) {
    return this.#db.selectFrom('documents').selectAll().where('tenant_id', '=', tenant).where('agent_id', '=', agent);
  }
}

async function insertOne(trx: Transaction<Tables>, document: Document): Promise<void> {
  const agent = await trx
    .selectFrom('agents')
    .select((eb) =>
      eb
        .selectFrom('documents')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .whereRef('documents.agent_id', '=', 'agents.id')
        .as('documents'),
    )
    .where('tenant_id', '=', document.tenantId)
    .where('id', '=', document.agentId)
    .where('deleted_at_ms', 'is', null)
    .executeTakeFirst();
  if (!agent) throw new AppError('agent_not_found', `no agent ${document.agentId}`);
  if ((agent.documents ?? 0) >= MAX_DOCUMENTS_PER_AGENT) {
    throw new AppError('conflict', `agent ${document.agentId} has too many documents`, {
      publicMessage: `An agent has ${MAX_DOCUMENTS_PER_AGENT} documents at most`,
    });
  }
  await trx.insertInto('documents').values(rowOf(document)).execute();
}

const rowOf = (document: Document) => ({
  id: document.id,
  tenant_id: document.tenantId,
  agent_id: document.agentId,
  name: document.name,
  type: document.type,
  size_bytes: document.sizeBytes,
  path: document.path,
  state: document.state,
  failure: document.failure ?? null,
  pages: document.pages ?? null,
  chunks: document.chunks,
  embedded_by: document.embeddedBy ?? null,
  created_at_ms: document.createdAtMs,
  updated_at_ms: document.updatedAtMs,
});

/** CHECK constraints keep these casts honest; failures are only ever written by this program. */
const toDocument = (row: Selectable<DocumentsTable>): Document => ({
  id: row.id as DocumentId,
  tenantId: row.tenant_id as TenantId,
  agentId: row.agent_id as AgentId,
  name: row.name,
  type: row.type as DocumentType,
  sizeBytes: row.size_bytes,
  path: row.path,
  state: row.state as DocumentState,
  failure: (row.failure ?? undefined) as DocumentFailure | undefined,
  pages: row.pages ?? undefined,
  chunks: row.chunks,
  embeddedBy: row.embedded_by ?? undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
