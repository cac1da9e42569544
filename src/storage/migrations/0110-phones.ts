import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // User names are one space for all tenants: a phone says who it is before anybody knows whose it is.
  `CREATE TABLE phones (
     serial INTEGER PRIMARY KEY AUTOINCREMENT,
     id TEXT NOT NULL UNIQUE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     username TEXT NOT NULL UNIQUE,
     enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
     settings TEXT NOT NULL CHECK (json_valid(settings)),
     sealed_password TEXT NOT NULL,
     version INTEGER NOT NULL,
     created_at_ms INTEGER NOT NULL,
     updated_at_ms INTEGER NOT NULL
   ) STRICT`,
  `CREATE INDEX phones_by_tenant ON phones (tenant_id, serial)`,

  // Of a phone, or of a trunk that registers to us; gone with either.
  `CREATE TABLE contact_bindings (
     account_id TEXT NOT NULL,
     key TEXT NOT NULL,
     phone_id TEXT REFERENCES phones (id) ON DELETE CASCADE,
     trunk_id TEXT REFERENCES trunks (id) ON DELETE CASCADE,
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     uri TEXT NOT NULL,
     q REAL NOT NULL CHECK (q BETWEEN 0 AND 1),
     source_address TEXT NOT NULL,
     source_port INTEGER NOT NULL,
     source_transport TEXT NOT NULL,
     path TEXT NOT NULL CHECK (json_valid(path)),
     user_agent TEXT,
     sip_call_id TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     registered_at_ms INTEGER NOT NULL,
     refreshed_at_ms INTEGER NOT NULL,
     expires_at_ms INTEGER NOT NULL,
     PRIMARY KEY (account_id, key),
     CHECK ((phone_id IS NULL) <> (trunk_id IS NULL)),
     CHECK (account_id = coalesce(phone_id, trunk_id))
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX contact_bindings_by_phone ON contact_bindings (phone_id) WHERE phone_id IS NOT NULL`,
  `CREATE INDEX contact_bindings_by_trunk ON contact_bindings (trunk_id) WHERE trunk_id IS NOT NULL`,
];

export const phones: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
