import { type Kysely, type Migration, sql } from 'kysely';

/** Of calls of before it was only logged. */
export const providerFailures: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN provider_failures TEXT CHECK (json_valid(provider_failures))`.execute(db);
  },
};
