import { type Kysely, type Migration, sql } from 'kysely';

export const turnSources: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw('ALTER TABLE turns ADD COLUMN sources TEXT CHECK (json_valid(sources))').execute(db);
  },
};
