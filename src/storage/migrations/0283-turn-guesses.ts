import { type Kysely, type Migration, sql } from 'kysely';

/** What was begun ahead of a turn, and how done the caller sounded. */
export const turnGuesses: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw('ALTER TABLE turns ADD COLUMN speculation TEXT CHECK (json_valid(speculation))').execute(db);
    await sql.raw('ALTER TABLE turns ADD COLUMN done_probability REAL CHECK (done_probability BETWEEN 0 AND 1)').execute(db);
  },
};
