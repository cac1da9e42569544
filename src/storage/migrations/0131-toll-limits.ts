import { type Kysely, type Migration, sql } from 'kysely';

export const tollLimits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(`ALTER TABLE outbound_policies ADD COLUMN limits TEXT CHECK (json_valid(limits))`).execute(db);
  },
};
