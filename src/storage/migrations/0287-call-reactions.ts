import { type Kysely, type Migration, sql } from 'kysely';

/** Whoever was talked with may say what they think of what an agent has said. */
export const callReactions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw("ALTER TABLE transcript_entries ADD COLUMN feedback TEXT CHECK (feedback IN ('good', 'bad'))").execute(db);
  },
};
