import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE campaigns (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     agent_id TEXT NOT NULL REFERENCES agents (id),
     name TEXT NOT NULL,
     description TEXT,
     starting_message TEXT,
     priority INTEGER NOT NULL,
     call_window TEXT CHECK (json_valid(call_window)),
     retry TEXT CHECK (json_valid(retry)),
     max_concurrent INTEGER CHECK (max_concurrent >= 1),
     webhook_url TEXT,
     webhook_events TEXT NOT NULL CHECK (json_valid(webhook_events)),
     status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled')),
     starts_at_ms INTEGER,
     started_at_ms INTEGER,
     ended_at_ms INTEGER,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     CHECK (status <> 'scheduled' OR starts_at_ms IS NOT NULL)
   ) STRICT`,
  `CREATE INDEX campaigns_by_tenant ON campaigns (tenant_id, serial)`,
  `CREATE INDEX campaigns_by_agent ON campaigns (agent_id)`,
  `CREATE INDEX campaigns_active ON campaigns (status) WHERE status IN ('scheduled', 'running')`,

  // `released`: its pending task may be called. `not_before_ms`: its window is closed, or it waits for another attempt, until then.
  `CREATE TABLE contacts (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     campaign_id TEXT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
     number TEXT NOT NULL,
     name TEXT,
     variables TEXT NOT NULL CHECK (json_valid(variables)),
     status TEXT NOT NULL CHECK (status IN ('pending', 'queued', 'in_progress', 'completed', 'failed', 'cancelled')),
     outcome TEXT,
     released INTEGER NOT NULL CHECK (released IN (0, 1)),
     not_before_ms INTEGER NOT NULL,
     task_id TEXT UNIQUE,
     calls INTEGER NOT NULL DEFAULT 0,
     answered_calls INTEGER NOT NULL DEFAULT 0,
     ended_answered_calls INTEGER NOT NULL DEFAULT 0,
     talked_ms INTEGER NOT NULL DEFAULT 0,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (campaign_id, number)
   ) STRICT`,
  `CREATE INDEX contacts_by_status ON contacts (campaign_id, status, released, not_before_ms, serial)`,
  `CREATE INDEX contacts_progress ON contacts (campaign_id, status, outcome, calls, answered_calls, ended_answered_calls, talked_ms)`,

  // Triggers, so that no way to change a task can forget its contact, and no way but the campaign's own lets its tasks be called:
  // a pending task of a contact that is not released has no next attempt. One that is put off goes back to the campaign, whose
  // place it would take otherwise.
  `CREATE TRIGGER contact_of_changed_task AFTER UPDATE OF status, failure_reason, next_attempt_at_ms ON tasks
   WHEN EXISTS (SELECT 1 FROM contacts WHERE task_id = NEW.id) BEGIN
     UPDATE contacts SET
       status = iif(NEW.status = 'pending', 'queued', iif(NEW.failure_reason = 'campaign_cancelled', 'cancelled', NEW.status)),
       outcome = CASE NEW.status WHEN 'completed' THEN 'answered' WHEN 'failed' THEN NEW.failure_reason END,
       not_before_ms = iif(NEW.status = 'pending', coalesce(NEW.next_attempt_at_ms, not_before_ms), 0),
       released = CASE
         WHEN NEW.status <> 'pending' OR OLD.status <> 'pending' OR NEW.next_attempt_at_ms IS NULL THEN 0
         WHEN NEW.next_attempt_at_ms > OLD.next_attempt_at_ms THEN 0
         ELSE released END,
       updated_at_ms = max(updated_at_ms, NEW.updated_at_ms)
     WHERE task_id = NEW.id;
     UPDATE tasks SET next_attempt_at_ms = NULL
     WHERE id = NEW.id AND status = 'pending' AND next_attempt_at_ms IS NOT NULL
       AND EXISTS (SELECT 1 FROM contacts WHERE task_id = NEW.id AND released = 0);
   END`,
  `CREATE TRIGGER contact_of_deleted_task AFTER DELETE ON tasks BEGIN
     UPDATE contacts SET
       status = iif(status = 'queued', 'cancelled', status),
       outcome = iif(status = 'queued', 'task_deleted', outcome),
       released = 0,
       task_id = NULL
     WHERE task_id = OLD.id;
   END`,
  // Counted where they happen, since calls may be deleted before their campaign.
  `CREATE TRIGGER contact_of_new_call AFTER INSERT ON calls WHEN NEW.task_id IS NOT NULL BEGIN
     UPDATE contacts SET calls = calls + 1 WHERE task_id = NEW.task_id;
   END`,
  `CREATE TRIGGER contact_of_answered_call AFTER UPDATE OF answered_at_ms ON calls
   WHEN NEW.task_id IS NOT NULL AND NEW.answered_at_ms IS NOT NULL AND OLD.answered_at_ms IS NULL BEGIN
     UPDATE contacts SET answered_calls = answered_calls + 1 WHERE task_id = NEW.task_id;
   END`,
  `CREATE TRIGGER contact_of_ended_call AFTER UPDATE OF ended_at_ms ON calls
   WHEN NEW.task_id IS NOT NULL AND NEW.ended_at_ms IS NOT NULL AND OLD.ended_at_ms IS NULL AND NEW.answered_at_ms IS NOT NULL BEGIN
     UPDATE contacts SET
       ended_answered_calls = ended_answered_calls + 1, talked_ms = talked_ms + max(0, NEW.ended_at_ms - NEW.answered_at_ms)
     WHERE task_id = NEW.task_id;
   END`,
];

export const campaigns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
