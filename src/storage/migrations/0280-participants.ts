import { type Kysely, type Migration, sql } from 'kysely';

/** SQLite changes a CHECK only with its table, and what refers to the table goes with it. */
const STATEMENTS = [
  `ALTER TABLE calls ADD COLUMN participants TEXT CHECK (json_valid(participants))`,
  'DROP TRIGGER webhook_event_of_new_call',
  'DROP TRIGGER webhook_event_of_ended_call',
  'DROP TRIGGER webhook_event_of_received_text',
  'DROP TRIGGER webhook_event_of_settled_text',
  `CREATE TABLE new_events (
     id TEXT PRIMARY KEY NOT NULL,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     call_id TEXT REFERENCES calls (id) ON DELETE CASCADE,
     text_id TEXT REFERENCES texts (id) ON DELETE CASCADE,
     event_type TEXT NOT NULL CHECK (event_type IN (
       'call_started', 'call_completed', 'call_failed', 'participant_joined', 'participant_left', 'participant_failed',
       'text_received', 'text_sent', 'text_delivered', 'text_failed')),
     status TEXT NOT NULL,
     participant TEXT CHECK (json_valid(participant)),
     created_at_ms INTEGER NOT NULL,
     dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1)),
     CHECK ((call_id IS NULL) <> (text_id IS NULL))
   ) STRICT`,
  `INSERT INTO new_events (rowid, id, tenant_id, call_id, text_id, event_type, status, created_at_ms, dispatched)
   SELECT rowid, id, tenant_id, call_id, text_id, event_type, status, created_at_ms, dispatched FROM webhook_events`,
  `CREATE TABLE new_deliveries (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     event_id TEXT NOT NULL REFERENCES new_events (id) ON DELETE CASCADE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     url TEXT NOT NULL,
     body TEXT NOT NULL CHECK (json_valid(body)),
     state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     subscription_id TEXT REFERENCES webhook_subscriptions (id) ON DELETE CASCADE
   ) STRICT`,
  `INSERT INTO new_deliveries (
     serial, id, event_id, tenant_id, url, body, state, attempts, next_attempt_at_ms, created_at_ms, subscription_id)
   SELECT serial, id, event_id, tenant_id, url, body, state, attempts, next_attempt_at_ms, created_at_ms, subscription_id
   FROM webhook_deliveries`,
  `CREATE TABLE new_attempts (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     delivery_id TEXT NOT NULL REFERENCES new_deliveries (id) ON DELETE CASCADE,
     at_ms INTEGER NOT NULL,
     duration_ms REAL NOT NULL,
     status_code INTEGER,
     error TEXT
   ) STRICT`,
  `INSERT INTO new_attempts (serial, delivery_id, at_ms, duration_ms, status_code, error)
   SELECT serial, delivery_id, at_ms, duration_ms, status_code, error FROM webhook_attempts`,
  'DROP TABLE webhook_attempts',
  'DROP TABLE webhook_deliveries',
  'DROP TABLE webhook_events',
  'ALTER TABLE new_events RENAME TO webhook_events',
  'ALTER TABLE new_deliveries RENAME TO webhook_deliveries',
  'ALTER TABLE new_attempts RENAME TO webhook_attempts',
  `CREATE INDEX webhook_events_undispatched ON webhook_events (created_at_ms) WHERE dispatched = 0`,
  `CREATE INDEX webhook_events_by_call ON webhook_events (call_id) WHERE call_id IS NOT NULL`,
  `CREATE INDEX webhook_events_by_text ON webhook_events (text_id) WHERE text_id IS NOT NULL`,
  `CREATE INDEX webhook_events_dispatched ON webhook_events (created_at_ms) WHERE dispatched = 1`,
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (url, next_attempt_at_ms, serial) WHERE state = 'pending'`,
  `CREATE INDEX webhook_deliveries_by_tenant ON webhook_deliveries (tenant_id, state, serial)`,
  `CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id)`,
  `CREATE INDEX webhook_deliveries_by_subscription ON webhook_deliveries (subscription_id, serial)
   WHERE subscription_id IS NOT NULL`,
  `CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, serial)`,
  `CREATE TRIGGER webhook_event_of_new_call AFTER INSERT ON calls BEGIN
     INSERT INTO webhook_events (id, tenant_id, call_id, event_type, status, created_at_ms)
     VALUES (
       lower(hex(randomblob(16))), NEW.tenant_id, NEW.id,
       CASE NEW.status WHEN 'completed' THEN 'call_completed' WHEN 'failed' THEN 'call_failed' ELSE 'call_started' END,
       NEW.status, coalesce(NEW.ended_at_ms, NEW.started_at_ms));
   END`,
  `CREATE TRIGGER webhook_event_of_ended_call AFTER UPDATE OF status ON calls
   WHEN NEW.status IN ('completed', 'failed') AND OLD.status NOT IN ('completed', 'failed') BEGIN
     INSERT INTO webhook_events (id, tenant_id, call_id, event_type, status, created_at_ms)
     VALUES (
       lower(hex(randomblob(16))), NEW.tenant_id, NEW.id, 'call_' || NEW.status,
       NEW.status, coalesce(NEW.ended_at_ms, NEW.started_at_ms));
   END`,
  // Once for each step that each of them takes.
  `CREATE TRIGGER webhook_event_of_participant AFTER UPDATE OF participants ON calls
   WHEN NEW.participants IS NOT OLD.participants BEGIN
     INSERT INTO webhook_events (id, tenant_id, call_id, event_type, status, participant, created_at_ms)
     SELECT
       lower(hex(randomblob(16))), NEW.tenant_id, NEW.id, 'participant_' || json_extract(now.value, '$.status'), NEW.status,
       now.value, CAST(coalesce(json_extract(now.value, '$.endedAtMs'), json_extract(now.value, '$.joinedAtMs')) AS INTEGER)
     FROM json_each(NEW.participants) now
     WHERE json_extract(now.value, '$.status') <> 'pending' AND NOT EXISTS (
       SELECT 1 FROM json_each(coalesce(OLD.participants, '[]')) before
       WHERE json_extract(before.value, '$.id') = json_extract(now.value, '$.id')
         AND json_extract(before.value, '$.status') = json_extract(now.value, '$.status'));
   END`,
  `CREATE TRIGGER webhook_event_of_received_text AFTER INSERT ON texts WHEN NEW.status <> 'pending' BEGIN
     INSERT INTO webhook_events (id, tenant_id, text_id, event_type, status, created_at_ms)
     VALUES (lower(hex(randomblob(16))), NEW.tenant_id, NEW.id, 'text_' || NEW.status, NEW.status, NEW.created_at_ms);
   END`,
  `CREATE TRIGGER webhook_event_of_settled_text AFTER UPDATE OF status ON texts
   WHEN OLD.status = 'pending' AND NEW.status <> 'pending' BEGIN
     INSERT INTO webhook_events (id, tenant_id, text_id, event_type, status, created_at_ms)
     VALUES (lower(hex(randomblob(16))), NEW.tenant_id, NEW.id, 'text_' || NEW.status, NEW.status, NEW.updated_at_ms);
   END`,
];

export const participants: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
