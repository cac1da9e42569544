import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Settings are one JSON value: they are read and replaced as a whole, and nothing is searched by them.
  `CREATE TABLE trunks (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     name TEXT NOT NULL,
     enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
     settings TEXT NOT NULL CHECK (json_valid(settings)),
     sealed_password TEXT,
     version INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (tenant_id, name)
   ) STRICT`,
  `CREATE INDEX trunks_by_tenant ON trunks (tenant_id, serial)`,

  // No reference: a call outlives its trunk, whose name it keeps.
  `ALTER TABLE calls ADD COLUMN trunk_id TEXT`,
  `ALTER TABLE calls ADD COLUMN trunk_name TEXT`,
];

export const trunks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
