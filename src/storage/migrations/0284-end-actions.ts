import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // What of an agent's actions is still to be done for what is over; a row that was done is deleted.
  `CREATE TABLE end_actions (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     action_id TEXT NOT NULL REFERENCES agent_actions (id) ON DELETE CASCADE,
     call_id TEXT REFERENCES calls (id) ON DELETE CASCADE,
     session_id TEXT REFERENCES chat_sessions (id) ON DELETE CASCADE,
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER NOT NULL,
     CHECK ((call_id IS NULL) <> (session_id IS NULL))
   ) STRICT`,
  `CREATE INDEX end_actions_due ON end_actions (next_attempt_at_ms, serial)`,
  `CREATE INDEX end_actions_of_action ON end_actions (action_id)`,
  `CREATE INDEX end_actions_of_call ON end_actions (call_id) WHERE call_id IS NOT NULL`,
  `CREATE INDEX end_actions_of_session ON end_actions (session_id) WHERE session_id IS NOT NULL`,
  // As it was understood from what the trunk sent, which nobody can read from the URIs again.
  `ALTER TABLE calls ADD COLUMN remote_number TEXT`,
];

export const endActions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
