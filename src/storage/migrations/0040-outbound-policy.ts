import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE tasks ADD COLUMN call_window TEXT CHECK (json_valid(call_window))`,
  `ALTER TABLE tasks ADD COLUMN retry TEXT CHECK (json_valid(retry))`,
  `ALTER TABLE tasks ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0)`,
  // What follows the call under way, by its outcome: decided when it is placed, carried out with the end of its record.
  `ALTER TABLE tasks ADD COLUMN retry_waits TEXT CHECK (json_valid(retry_waits))`,
  // When a call is due, by its time or by a retry; null waits for execute.
  `ALTER TABLE tasks ADD COLUMN due_at_ms INTEGER`,
  // The same, put off to the opening of its window.
  `ALTER TABLE tasks ADD COLUMN next_attempt_at_ms INTEGER`,
  `UPDATE tasks SET
     due_at_ms = scheduled_at_ms,
     next_attempt_at_ms = scheduled_at_ms,
     attempts = (SELECT count(*) FROM calls WHERE calls.task_id = tasks.id)`,

  `DROP INDEX tasks_scheduled`,
  `CREATE INDEX tasks_next_attempt ON tasks (next_attempt_at_ms) WHERE status = 'pending' AND next_attempt_at_ms IS NOT NULL`,
  // One tenant's in the order of their calls; the last column lets those whose time has not come be passed over unread.
  `CREATE INDEX tasks_due ON tasks (tenant_id, priority DESC, due_at_ms, serial, next_attempt_at_ms)
     WHERE status = 'pending' AND next_attempt_at_ms IS NOT NULL`,

  `CREATE TABLE outbound_policies (
     tenant_id TEXT NOT NULL PRIMARY KEY REFERENCES tenants (id),
     call_window TEXT CHECK (json_valid(call_window)),
     retry TEXT CHECK (json_valid(retry)),
     updated_at_ms INTEGER NOT NULL
   ) STRICT`,
];

export const outboundPolicy: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
