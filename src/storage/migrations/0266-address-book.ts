import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Whether a number may be called stands in do_not_call alone.
  `CREATE TABLE address_book (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     number TEXT NOT NULL CHECK (number GLOB '+[1-9]*'),
     name TEXT,
     email TEXT,
     tags TEXT NOT NULL CHECK (json_type(tags) = 'array'),
     custom_fields TEXT NOT NULL CHECK (json_type(custom_fields) = 'object'),
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL,
     UNIQUE (tenant_id, number)
   ) STRICT`,
  `CREATE INDEX address_book_by_tenant ON address_book (tenant_id, serial)`,
];

export const addressBook: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
