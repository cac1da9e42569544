import { type Kysely, type Migration, sql } from 'kysely';

export const answeredBy: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN answered_by TEXT CHECK (json_valid(answered_by))`.execute(db);
  },
};
