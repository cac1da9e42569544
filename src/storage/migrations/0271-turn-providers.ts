import { type Kysely, type Migration, sql } from 'kysely';

export const turnProviders: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw('ALTER TABLE turns ADD COLUMN providers TEXT CHECK (json_valid(providers))').execute(db);
  },
};
