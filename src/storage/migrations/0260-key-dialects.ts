import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE api_keys ADD COLUMN dialect TEXT NOT NULL DEFAULT 'core'`,
  // No reference: the key of an agent that is gone opens nothing, and stays to be seen until it is revoked.
  `ALTER TABLE api_keys ADD COLUMN agent_id TEXT`,
];

export const keyDialects: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
