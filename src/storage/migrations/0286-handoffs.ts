import { type Kysely, type Migration, sql } from 'kysely';

export const handoffs: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN handoffs TEXT CHECK (json_valid(handoffs))`.execute(db);
  },
};
