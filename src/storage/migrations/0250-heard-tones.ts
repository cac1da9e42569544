import { type Kysely, type Migration, sql } from 'kysely';

export const heardTones: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN heard_tones TEXT CHECK (json_valid(heard_tones))`.execute(db);
  },
};
