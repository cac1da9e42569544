import type { Generated } from 'kysely';

export type DocumentsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  agent_id: string;
  name: string;
  type: string;
  size_bytes: number;
  path: string;
  state: string;
  failure: string | null;
  pages: number | null;
  chunks: number;
  embedded_by: string | null;
  created_at_ms: number;
  updated_at_ms: number;
};

export type DocumentChunksTable = {
  id: Generated<number>;
  document_id: string;
  agent: string;
  sequence: number;
  heading: string;
  text: string;
  model: string | null;
  vector: Uint8Array | null;
};

export type DocumentTables = { documents: DocumentsTable; document_chunks: DocumentChunksTable };
