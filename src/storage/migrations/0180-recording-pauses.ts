import { type Kysely, type Migration, sql } from 'kysely';

export const recordingPauses: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN recording_pauses TEXT CHECK (json_valid(recording_pauses))`.execute(db);
  },
};
