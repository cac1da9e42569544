import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // What an action does is one JSON value: it is read and replaced as a whole, and nothing is searched by it.
  `CREATE TABLE agent_actions (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     type TEXT NOT NULL,
     tool_name TEXT NOT NULL,
     definition TEXT NOT NULL CHECK (json_valid(definition)),
     sealed_secrets TEXT,
     version INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (agent_id, tool_name)
   ) STRICT`,
  `CREATE INDEX agent_actions_of ON agent_actions (tenant_id, agent_id, serial)`,

  `CREATE TABLE tool_runs (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     run TEXT NOT NULL CHECK (json_valid(run))
   ) STRICT`,
  `CREATE INDEX tool_runs_of ON tool_runs (call_id, serial)`,

  `ALTER TABLE calls ADD COLUMN collected_data TEXT CHECK (json_valid(collected_data))`,
];

export const actions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
