import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE api_keys ADD COLUMN limits TEXT CHECK (json_valid(limits))`,
  // On whose account calls and texts go. No reference: what is on the account outlives the key.
  ...['tasks', 'campaigns', 'calls', 'texts'].map((table) => `ALTER TABLE ${table} ADD COLUMN api_key_id TEXT`),
];

export const keyLimits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
