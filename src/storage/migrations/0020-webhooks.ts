import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE webhook_events (
     id TEXT PRIMARY KEY NOT NULL,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     event_type TEXT NOT NULL CHECK (event_type IN ('call_started', 'call_completed', 'call_failed')),
     status TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     dispatched INTEGER NOT NULL DEFAULT 0 CHECK (dispatched IN (0, 1))
   ) STRICT`,
  `CREATE INDEX webhook_events_undispatched ON webhook_events (created_at_ms) WHERE dispatched = 0`,
  `CREATE INDEX webhook_events_by_call ON webhook_events (call_id)`,
  `CREATE INDEX webhook_events_dispatched ON webhook_events (created_at_ms) WHERE dispatched = 1`,

  // Triggers, so that no way to change a call can forget to tell: the event is in the same transaction by nature.
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

  `CREATE TABLE webhook_deliveries (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     event_id TEXT NOT NULL REFERENCES webhook_events (id) ON DELETE CASCADE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     url TEXT NOT NULL,
     body TEXT NOT NULL CHECK (json_valid(body)),
     state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
     attempts INTEGER NOT NULL,
     next_attempt_at_ms INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL
   ) STRICT`,
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (url, next_attempt_at_ms, serial) WHERE state = 'pending'`,
  `CREATE INDEX webhook_deliveries_by_tenant ON webhook_deliveries (tenant_id, state, serial)`,
  `CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id)`,

  `CREATE TABLE webhook_attempts (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
     at_ms INTEGER NOT NULL,
     duration_ms REAL NOT NULL,
     status_code INTEGER,
     error TEXT
   ) STRICT`,
  `CREATE INDEX webhook_attempts_by_delivery ON webhook_attempts (delivery_id, serial)`,

  `CREATE TABLE webhook_secrets (
     tenant_id TEXT PRIMARY KEY NOT NULL REFERENCES tenants (id),
     secret TEXT NOT NULL
   ) STRICT`,
];

export const webhooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
