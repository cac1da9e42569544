import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE webhook_subscriptions (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     url TEXT NOT NULL,
     events TEXT NOT NULL CHECK (json_valid(events)),
     description TEXT,
     enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
     secret TEXT NOT NULL,
     previous_secret TEXT,
     previous_until_ms INTEGER,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (tenant_id, url),
     CHECK ((previous_secret IS NULL) = (previous_until_ms IS NULL))
   ) STRICT`,
  `CREATE INDEX webhook_subscriptions_by_tenant ON webhook_subscriptions (tenant_id, serial)`,

  // Null: the address was named by a task or the configuration.
  `ALTER TABLE webhook_deliveries ADD COLUMN subscription_id TEXT REFERENCES webhook_subscriptions (id) ON DELETE CASCADE`,
  `CREATE INDEX webhook_deliveries_by_subscription ON webhook_deliveries (subscription_id, serial)
   WHERE subscription_id IS NOT NULL`,
];

export const webhookSubscriptions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
