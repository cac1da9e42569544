import type { AgentId, DocumentId, TenantId } from '../../core/ids.js';
import type { Chunk, Document, DocumentFailure, DocumentType, Passage } from '../document.js';
import type { Listed, Page } from './repositories.js';

/** Unit length or not: only the direction counts. */
export type Vector = Float32Array<ArrayBuffer>;

export interface DocumentRepository {
  /** @throws AppError `agent_not_found`, or `conflict` when the agent has as many as it may have. */
  insert(document: Document): Promise<void>;
  /** All of one agent, or none. @throws AppError as `insert`. */
  insertAll(documents: readonly Document[]): Promise<void>;
  /** Whose it is; undefined: there is none of this id. */
  agentOf(tenant: TenantId, id: DocumentId): Promise<AgentId | undefined>;
  find(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<Document | undefined>;
  /** Newest first. */
  list(tenant: TenantId, agent: AgentId, page: Page): Promise<Listed<Document>>;
  /** With its chunks; its file is noted to be removed. */
  delete(tenant: TenantId, agent: AgentId, id: DocumentId): Promise<boolean>;
  /** The longest waiting one that is to be read, of all tenants. */
  nextToRead(): Promise<Document | undefined>;
  /**
   * Stores what became of one that was read. Nothing happens to one that was deleted meanwhile; one that would give its agent more
   * chunks than it may have fails.
   */
  settle(document: Document, chunks: readonly (Chunk & { vector?: Vector | undefined })[]): Promise<Document>;
  /** Whether a document keeps this file. */
  hasFile(path: string): Promise<boolean>;
}

export interface PassageIndex {
  /** By the words they share with the question (BM25), the best first. */
  matching(agent: AgentId, words: readonly string[], limit: number): Promise<Passage[]>;
  /** By meaning: cosine similarity of vectors of one model, the best first. */
  nearest(agent: AgentId, model: string, vector: Vector, limit: number): Promise<Passage[]>;
  /** Whether there is anything to find, and by which models' vectors. */
  contents(agent: AgentId): Promise<{ isEmpty: boolean; models: readonly string[] }>;
}

/** What was read from a file, or why it was not. */
export type Reading = { pages: number | undefined; chunks: readonly Chunk[] } | { failure: DocumentFailure };

export interface DocumentReader {
  /** The file may hold anything: reading it harms nobody, and ends. */
  read(file: string, type: DocumentType, signal: AbortSignal): Promise<Reading>;
}

/** Turns texts into vectors that are near each other when the texts mean the same. */
export interface Embedder {
  /** Names what makes the vectors: those of another one cannot be compared. */
  readonly model: string;
  /** One vector per text, in order. @throws AppError `provider_failed` */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Vector[]>;
}
