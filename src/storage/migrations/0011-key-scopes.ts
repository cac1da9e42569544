import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Without scopes a key may do everything, as keys could before there were any.
  `ALTER TABLE api_keys ADD COLUMN scopes TEXT CHECK (json_valid(scopes))`,
  `ALTER TABLE api_keys ADD COLUMN expires_at_ms INTEGER`,
];

export const keyScopes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
