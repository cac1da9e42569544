import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE documents (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     name TEXT NOT NULL,
     type TEXT NOT NULL CHECK (type IN ('pdf', 'docx', 'html', 'markdown', 'text', 'csv')),
     size_bytes INTEGER NOT NULL,
     path TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL CHECK (state IN ('processing', 'ready', 'failed')),
     failure TEXT,
     pages INTEGER,
     chunks INTEGER NOT NULL,
     embedded_by TEXT,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL
   ) STRICT`,
  `CREATE INDEX documents_by_agent ON documents (agent_id, serial)`,
  `CREATE INDEX documents_to_read ON documents (serial) WHERE state = 'processing'`,

  // `agent` is the agent's id as one word, so that the full-text index itself keeps agents apart.
  `CREATE TABLE document_chunks (
     id INTEGER PRIMARY KEY,
     document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
     agent TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     heading TEXT NOT NULL,
     text TEXT NOT NULL,
     model TEXT,
     vector BLOB
   ) STRICT`,
  `CREATE INDEX document_chunks_by_document ON document_chunks (document_id)`,
  `CREATE INDEX document_chunks_by_model ON document_chunks (agent, model)`,
  `CREATE VIRTUAL TABLE document_words USING fts5(
     agent, heading, text, content = 'document_chunks', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2')`,
  `CREATE TRIGGER words_of_new_chunk AFTER INSERT ON document_chunks BEGIN
     INSERT INTO document_words (rowid, agent, heading, text) VALUES (NEW.id, NEW.agent, NEW.heading, NEW.text);
   END`,
  `CREATE TRIGGER words_of_deleted_chunk AFTER DELETE ON document_chunks BEGIN
     INSERT INTO document_words (document_words, rowid, agent, heading, text)
     VALUES ('delete', OLD.id, OLD.agent, OLD.heading, OLD.text);
   END`,

  `CREATE TRIGGER file_of_deleted_document AFTER DELETE ON documents BEGIN
     INSERT OR IGNORE INTO files_to_remove (path) VALUES (OLD.path);
   END`,
  // Agents stay as rows for the sake of their calls; what they knew does not.
  `CREATE TRIGGER documents_of_deleted_agent AFTER UPDATE OF deleted_at_ms ON agents WHEN NEW.deleted_at_ms IS NOT NULL BEGIN
     DELETE FROM documents WHERE agent_id = NEW.id;
   END`,
];

export const documents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
