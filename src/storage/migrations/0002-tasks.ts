import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // A deleted agent stays in its table, so the reference holds for good.
  `CREATE TABLE tasks (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     name TEXT NOT NULL,
     description TEXT,
     to_number TEXT NOT NULL,
     starting_message TEXT,
     context_data TEXT NOT NULL CHECK (json_valid(context_data)),
     priority INTEGER NOT NULL,
     scheduled_at_ms INTEGER,
     webhook_url TEXT,
     webhook_events TEXT NOT NULL CHECK (json_valid(webhook_events)),
     status TEXT NOT NULL CHECK (status IN ('pending', 'in_progress', 'completed', 'failed')),
     call_id TEXT,
     failure_reason TEXT,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     CHECK (status <> 'in_progress' OR call_id IS NOT NULL)
   ) STRICT`,
  `CREATE INDEX tasks_by_tenant ON tasks (tenant_id, serial)`,
  `CREATE INDEX tasks_by_agent ON tasks (agent_id, serial)`,
  `CREATE INDEX tasks_by_status ON tasks (tenant_id, status, serial)`,
  `CREATE INDEX tasks_scheduled ON tasks (scheduled_at_ms) WHERE status = 'pending' AND scheduled_at_ms IS NOT NULL`,

  // No reference: a call outlives its task.
  `ALTER TABLE calls ADD COLUMN task_id TEXT`,
  `CREATE INDEX calls_by_task ON calls (task_id, serial) WHERE task_id IS NOT NULL`,
];

export const tasks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
