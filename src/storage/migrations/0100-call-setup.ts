import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // How the call came to stand: attempts, their times, diversions. Read and written as a whole; nothing is searched by it.
  `ALTER TABLE calls ADD COLUMN setup TEXT CHECK (setup IS NULL OR json_valid(setup))`,
  // Before the answer where early media was recorded.
  `ALTER TABLE calls ADD COLUMN recording_started_at_ms INTEGER`,
];

export const callSetup: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
