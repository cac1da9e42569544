import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENT = `CREATE TABLE text_hooks (
  id TEXT NOT NULL PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  agent_id TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
  sealed_secret TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT`;

export const textHooks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(STATEMENT).execute(db);
    await sql.raw('CREATE INDEX text_hooks_by_tenant ON text_hooks (tenant_id, created_at_ms)').execute(db);
    await sql.raw('CREATE INDEX text_hooks_by_agent ON text_hooks (agent_id)').execute(db);
  },
};
