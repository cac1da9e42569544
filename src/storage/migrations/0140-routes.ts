import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // What a route matches and does is one JSON value: it is read and replaced as a whole, and nothing is searched by it.
  `CREATE TABLE routes (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     name TEXT NOT NULL,
     enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
     priority INTEGER NOT NULL,
     rule TEXT NOT NULL CHECK (json_valid(rule)),
     version INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (tenant_id, name)
   ) STRICT`,
  `CREATE INDEX routes_in_order ON routes (tenant_id, priority, serial)`,

  // What was read from the headers of a call that came in.
  `ALTER TABLE calls ADD COLUMN variables TEXT CHECK (json_valid(variables))`,
];

export const routes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
