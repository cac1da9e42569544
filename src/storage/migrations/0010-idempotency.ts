import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // The answer is absent while the first request is under way, and for good when the process died over it.
  `CREATE TABLE idempotency_records (
     tenant_id TEXT NOT NULL REFERENCES tenants (id),
     holder TEXT NOT NULL,
     route TEXT NOT NULL,
     key TEXT NOT NULL,
     fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
     status INTEGER CHECK (status BETWEEN 200 AND 499),
     body TEXT CHECK (json_valid(body)),
     expires_at_ms INTEGER NOT NULL,
     PRIMARY KEY (tenant_id, holder, route, key),
     CHECK ((status IS NULL) = (body IS NULL))
   ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX idempotency_records_by_expiry ON idempotency_records (expires_at_ms)`,
];

export const idempotency: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
