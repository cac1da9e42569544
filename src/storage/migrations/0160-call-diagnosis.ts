import { type Kysely, type Migration, sql } from 'kysely';

/** Calls of before keep null: what their far end said of the end was not noted. */
export const callDiagnosis: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE calls ADD COLUMN q850_cause INTEGER`.execute(db);
    await sql`ALTER TABLE calls ADD COLUMN audio_fault TEXT CHECK (json_valid(audio_fault))`.execute(db);
  },
};
