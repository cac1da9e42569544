import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Of the whole server. Those that are over stay for a while: how often a source was banned decides how long the next one lasts.
  `CREATE TABLE bans (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     source TEXT NOT NULL UNIQUE,
     reason TEXT NOT NULL
       CHECK (reason IN ('authentication', 'unknown_user', 'unknown_source', 'malformed', 'scanner', 'operator')),
     times INTEGER NOT NULL CHECK (times >= 1),
     created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL
   ) STRICT`,
  `CREATE INDEX bans_expiry ON bans (expires_at_ms)`,
];

export const bans: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
