import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  `ALTER TABLE agents ADD COLUMN line_direction TEXT CHECK (line_direction IN ('inbound', 'outbound'))`,
  `ALTER TABLE agents ADD COLUMN line_number TEXT`,
  `ALTER TABLE agents ADD COLUMN avatar TEXT`,
  `ALTER TABLE agents ADD COLUMN web_origins TEXT CHECK (json_valid(web_origins))`,
  // Who is called by a number is one; who shows it may be several.
  `CREATE UNIQUE INDEX agents_by_number ON agents (tenant_id, line_number)
     WHERE line_direction = 'inbound' AND line_number IS NOT NULL AND deleted_at_ms IS NULL`,
  // A browser asks for an origin before anybody can know the agent.
  `CREATE INDEX agents_with_origins ON agents (id) WHERE web_origins IS NOT NULL AND deleted_at_ms IS NULL`,
];

export const agentLines: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
