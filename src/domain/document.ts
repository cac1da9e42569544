import type { AgentId, DocumentId, TenantId } from '../core/ids.js';

export const DOCUMENT_TYPES = ['pdf', 'docx', 'html', 'markdown', 'text', 'csv'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const DOCUMENT_STATES = ['processing', 'ready', 'failed'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

/** Why nothing of a document can be looked up. */
export const DOCUMENT_FAILURES = [
  'unreadable',
  'encrypted',
  'no_text',
  'too_many_pages',
  'too_much_text',
  'too_many_chunks',
  'timeout',
  'file_missing',
] as const;
export type DocumentFailure = (typeof DOCUMENT_FAILURES)[number];

/** What an agent looks things up in: a file as it was uploaded, and the pieces of text that were read from it. */
export type Document = {
  id: DocumentId;
  tenantId: TenantId;
  agentId: AgentId;
  /** As it was uploaded. */
  name: string;
  type: DocumentType;
  sizeBytes: number;
  /** Of the original, relative to the data directory. */
  path: string;
  state: DocumentState;
  failure: DocumentFailure | undefined;
  /** Of a PDF that was read. */
  pages: number | undefined;
  chunks: number;
  /** The model that made the chunks' vectors, where there are any. */
  embeddedBy: string | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** A piece of a document's text that says something by itself; `heading` is what stands above it, outermost first. */
export type Chunk = { heading: string; text: string };

/** A chunk that was found for a question, with where it is from. */
export type Passage = Chunk & {
  documentId: DocumentId;
  documentName: string;
  /** Its place in the document, from 1. */
  sequence: number;
  /** How well it fits, to be compared within one answer only. */
  score: number;
};

/** What a turn keeps of a passage that it was answered from. */
export type Source = Omit<Passage, 'text'>;

export const MAX_DOCUMENT_BYTES = 20 * 1024 * 1024;
export const MAX_DOCUMENTS_PER_AGENT = 200;
/** Of all of an agent's documents: they are looked through while a caller waits. */
export const MAX_CHUNKS_PER_AGENT = 5_000;
export const MAX_PAGES = 2_000;
export const MAX_DOCUMENT_CHARACTERS = 4_000_000;
