import { type Kysely, type Migration, sql } from 'kysely';

const ADD = `INSERT INTO agent_call_figures (tenant_id, agent_id, calls, talks, talked_ms)
     SELECT NEW.tenant_id, NEW.agent_id, 1, NEW.talked_ms IS NOT NULL, ifnull(NEW.talked_ms, 0) WHERE NEW.agent_id IS NOT NULL
     ON CONFLICT DO UPDATE SET calls = calls + 1, talks = talks + excluded.talks, talked_ms = talked_ms + excluded.talked_ms;`;
const TAKE = `UPDATE agent_call_figures
     SET calls = calls - 1, talks = talks - (OLD.talked_ms IS NOT NULL), talked_ms = talked_ms - ifnull(OLD.talked_ms, 0)
     WHERE tenant_id = OLD.tenant_id AND agent_id = OLD.agent_id;`;

const STATEMENTS = [
  `CREATE TABLE agent_call_figures (
     tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
     agent_id TEXT NOT NULL,
     calls INTEGER NOT NULL,
     talks INTEGER NOT NULL,
     talked_ms INTEGER NOT NULL,
     PRIMARY KEY (tenant_id, agent_id)
   ) STRICT, WITHOUT ROWID`,
  `INSERT INTO agent_call_figures (tenant_id, agent_id, calls, talks, talked_ms)
   SELECT tenant_id, agent_id, count(*), count(talked_ms), ifnull(sum(talked_ms), 0) FROM calls
   WHERE agent_id IS NOT NULL GROUP BY tenant_id, agent_id`,
  `CREATE TRIGGER agent_call_figures_of_new_call AFTER INSERT ON calls BEGIN ${ADD} END`,
  `CREATE TRIGGER agent_call_figures_of_changed_call AFTER UPDATE OF agent_id, talked_ms ON calls
   WHEN NEW.agent_id IS NOT OLD.agent_id OR NEW.talked_ms IS NOT OLD.talked_ms BEGIN ${TAKE} ${ADD} END`,
  `CREATE TRIGGER agent_call_figures_of_deleted_call AFTER DELETE ON calls BEGIN ${TAKE} END`,
];

/** What the calls of each agent come to, so that nobody has to count them; triggers hold it in step. */
export const callFigures: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
