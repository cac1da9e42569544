import { type Kysely, type Migration, sql } from 'kysely';

const STATEMENTS = [
  // Calls go by this version; without one they go by the newest.
  `ALTER TABLE agents ADD COLUMN deployed_version INTEGER CHECK (deployed_version >= 1)`,
  `ALTER TABLE agent_versions ADD COLUMN label TEXT`,
  // When somebody deployed it last.
  `ALTER TABLE agent_versions ADD COLUMN deployed_at_ms INTEGER`,
];

export const agentDeployment: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
