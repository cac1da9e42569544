import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // No reference to the call: the wish outlives its record.
  `CREATE TABLE do_not_call (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     number TEXT NOT NULL CHECK (number GLOB '+[1-9]*'),
     reason TEXT,
     source TEXT NOT NULL CHECK (source IN ('api', 'csv', 'caller_voice', 'caller_dtmf', 'import')),
     call_id TEXT,
     created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER,
     UNIQUE (tenant_id, number)
   ) STRICT`,
  `CREATE INDEX do_not_call_by_tenant ON do_not_call (tenant_id, serial)`,
];

export const doNotCall: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
