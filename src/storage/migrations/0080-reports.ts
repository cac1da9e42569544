import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `CREATE TABLE reports (
     call_id TEXT PRIMARY KEY NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     content TEXT NOT NULL CHECK (json_valid(content)),
     statistics TEXT NOT NULL CHECK (json_valid(statistics)),
     generated_by TEXT NOT NULL,
     model TEXT,
     created_at_ms INTEGER NOT NULL
   ) STRICT`,

  // Whole transcripts: they are written and read in one piece.
  `CREATE TABLE recorded_transcripts (
     call_id TEXT PRIMARY KEY NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     recogniser TEXT NOT NULL,
     entries TEXT NOT NULL CHECK (json_valid(entries)),
     created_at_ms INTEGER NOT NULL
   ) STRICT`,
];

export const reports: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
