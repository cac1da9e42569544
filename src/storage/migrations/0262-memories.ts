import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Without a summary it is expected: the conversation goes on, or its report is not made yet.
  `CREATE TABLE memories (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     contact TEXT NOT NULL,
     call_id TEXT UNIQUE REFERENCES calls (id) ON DELETE CASCADE,
     session_id TEXT UNIQUE REFERENCES chat_sessions (id) ON DELETE CASCADE,
     summary TEXT,
     facts TEXT NOT NULL CHECK (json_valid(facts)),
     at_ms INTEGER NOT NULL,
     CHECK ((call_id IS NULL) <> (session_id IS NULL))
   ) STRICT`,
  `CREATE INDEX memories_by_contact ON memories (tenant_id, contact, agent_id, serial)`,
];

export const memories: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
