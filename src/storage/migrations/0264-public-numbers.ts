import { type Kysely, type Migration, sql } from 'kysely';

const gone = (table: string, kind: string): string =>
  `CREATE TRIGGER number_of_deleted_${kind} AFTER DELETE ON ${table} BEGIN
     DELETE FROM public_numbers WHERE kind = '${kind}' AND id = OLD.id;
   END`;

const STATEMENTS = [
  // One sequence for all kinds: a number that was given is never another thing's, and the number of an agent is no call's.
  `CREATE TABLE public_numbers (
     number INTEGER PRIMARY KEY AUTOINCREMENT,
     tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
     kind TEXT NOT NULL CHECK (kind IN ('workspace', 'agent', 'call', 'document', 'action')),
     id TEXT NOT NULL,
     UNIQUE (kind, id)
   ) STRICT`,

  // A client has to name its workspace before it is shown anything.
  `INSERT INTO public_numbers (tenant_id, kind, id) SELECT id, 'workspace', id FROM tenants ORDER BY created_at_ms, id`,
  `CREATE TRIGGER number_of_new_workspace AFTER INSERT ON tenants BEGIN
     INSERT INTO public_numbers (tenant_id, kind, id) VALUES (NEW.id, 'workspace', NEW.id);
   END`,

  gone('calls', 'call'),
  gone('documents', 'document'),
  gone('agent_actions', 'action'),
];

export const publicNumbers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
