import { type Kysely, type Migration, sql } from 'kysely';

/** Of calls of before nobody counted. */
export const providerUsage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN provider_usage TEXT CHECK (json_valid(provider_usage))`.execute(db);
  },
};
