import { type Kysely, type Migration, sql } from 'kysely';

/** Of calls of before only the counters were kept. */
export const callQuality: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN quality TEXT CHECK (json_valid(quality))`.execute(db);
  },
};
