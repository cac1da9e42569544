import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE tenants ADD COLUMN updated_at_ms INTEGER NOT NULL DEFAULT 0`,

  // In rows of their own, because a browser asks for an origin before anybody can know the tenant.
  `CREATE TABLE tenant_origins (
     tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
     origin TEXT NOT NULL,
     PRIMARY KEY (origin, tenant_id)
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX tenant_origins_by_tenant ON tenant_origins (tenant_id, origin)`,

  `CREATE TABLE users (
     id TEXT PRIMARY KEY NOT NULL,
     email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
     name TEXT NOT NULL,
     password_hash TEXT NOT NULL CHECK (length(password_hash) = 60),
     created_at_ms INTEGER NOT NULL
   ) STRICT`,

  `CREATE TABLE memberships (
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     user_id TEXT NOT NULL REFERENCES users (id),
     role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'viewer')),
     since_ms INTEGER NOT NULL,
     PRIMARY KEY (tenant_id, user_id)
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX memberships_by_user ON memberships (user_id, since_ms)`,

  `CREATE TABLE invitations (
     id TEXT PRIMARY KEY NOT NULL,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     email TEXT NOT NULL CHECK (email = lower(email)),
     role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'operator', 'viewer')),
     token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
     invited_by TEXT NOT NULL,
     mail TEXT NOT NULL CHECK (mail IN ('none', 'queued', 'sent', 'failed')),
     created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     UNIQUE (tenant_id, email)
   ) STRICT`,

  // A session works in an organisation only as long as its user belongs to it.
  `CREATE TABLE sessions (
     id TEXT PRIMARY KEY NOT NULL,
     token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
     user_id TEXT NOT NULL,
     tenant_id TEXT NOT NULL,
     created_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     last_seen_at_ms INTEGER NOT NULL,
     FOREIGN KEY (tenant_id, user_id) REFERENCES memberships (tenant_id, user_id) ON DELETE CASCADE
   ) STRICT`,
  `CREATE INDEX sessions_by_user ON sessions (user_id)`,
  `CREATE INDEX sessions_by_membership ON sessions (tenant_id, user_id)`,
];

export const identity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
