import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE chat_sessions (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     agent_version INTEGER NOT NULL,
     ext_type TEXT NOT NULL CHECK (
       ext_type IN ('web', 'mobile', 'telegram', 'whatsapp', 'email', 'sip', 'facebook', 'sms')),
     ext_id TEXT NOT NULL,
     name TEXT,
     email TEXT,
     phone TEXT,
     language TEXT NOT NULL,
     mode TEXT NOT NULL CHECK (mode IN ('regular', 'copilot', 'operator')),
     operator_id TEXT,
     operator_name TEXT,
     status TEXT NOT NULL CHECK (status IN (
       'open', 'completed', 'busy', 'noanswer', 'canceled', 'failed', 'resolved_by_operator', 'escalated_by_operator',
       'not_found', 'network_error', 'unknown', 'user_timeout', 'timeout', 'declined', 'transferred', 'daily_limit_exceeded')),
     greeting TEXT,
     context_data TEXT NOT NULL,
     user_info TEXT NOT NULL,
     collected_data TEXT NOT NULL,
     result TEXT,
     timeout_ms INTEGER NOT NULL,
     closes_at_ms INTEGER NOT NULL,
     idle_timeout_ms INTEGER,
     idle_at_ms INTEGER,
     started_at_ms INTEGER NOT NULL,
     ended_at_ms INTEGER,
     CHECK ((status = 'open') = (ended_at_ms IS NULL))
   ) STRICT`,
  `CREATE INDEX chat_sessions_by_contact ON chat_sessions (tenant_id, ext_type, ext_id, serial)`,
  `CREATE INDEX chat_sessions_by_agent ON chat_sessions (agent_id, started_at_ms)`,
  `CREATE INDEX chat_sessions_by_age ON chat_sessions (tenant_id, started_at_ms)`,
  `CREATE INDEX chat_sessions_to_close ON chat_sessions (closes_at_ms) WHERE status = 'open'`,
  `CREATE INDEX chat_sessions_idle ON chat_sessions (idle_at_ms) WHERE status = 'open' AND idle_at_ms IS NOT NULL`,

  `CREATE TABLE session_messages (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant_id TEXT NOT NULL,
     session_id TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
     at_ms INTEGER NOT NULL,
     role TEXT NOT NULL CHECK (role IN ('human', 'ai', 'operator', 'copilot', 'notes')),
     text TEXT NOT NULL,
     feedback TEXT CHECK (feedback IN ('good', 'bad')),
     source_id TEXT,
     read_up_to INTEGER
   ) STRICT`,
  `CREATE INDEX session_messages_by_session ON session_messages (session_id, id)`,
  // Whoever delivers one again is told that it is there.
  `CREATE UNIQUE INDEX session_messages_by_source ON session_messages (tenant_id, source_id) WHERE source_id IS NOT NULL`,

  `CREATE TABLE session_attachments (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     session_id TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
     message_id INTEGER NOT NULL REFERENCES session_messages (id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     content_type TEXT NOT NULL,
     size_bytes INTEGER NOT NULL,
     path TEXT NOT NULL UNIQUE,
     text TEXT
   ) STRICT`,
  `CREATE INDEX session_attachments_by_session ON session_attachments (session_id)`,
  `CREATE INDEX session_attachments_by_message ON session_attachments (message_id)`,
  `CREATE TRIGGER file_of_deleted_attachment AFTER DELETE ON session_attachments BEGIN
     INSERT OR IGNORE INTO files_to_remove (path) VALUES (OLD.path);
   END`,

  // What happened after a message and before the next one.
  `CREATE TABLE session_notes (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     session_id TEXT NOT NULL REFERENCES chat_sessions (id) ON DELETE CASCADE,
     after_message INTEGER NOT NULL,
     kind TEXT NOT NULL CHECK (kind IN ('tool', 'failure')),
     body TEXT NOT NULL,
     result TEXT
   ) STRICT`,
  `CREATE INDEX session_notes_by_session ON session_notes (session_id, serial)`,
];

export const chatSessions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
