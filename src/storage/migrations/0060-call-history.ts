import { type Kysely, type Migration, sql } from 'kysely';

const COLUMNS = [
  `ended_by TEXT CHECK (ended_by IN ('caller', 'callee', 'agent', 'operator', 'network', 'system'))`,
  `outcome TEXT CHECK (outcome IN ('answered', 'busy', 'no_answer', 'rejected', 'cancelled', 'failed'))`,
  // From answer to end.
  'talked_ms INTEGER',
  // Number or user of either side, in the form in which they are compared.
  `from_party TEXT NOT NULL DEFAULT ''`,
  `to_party TEXT NOT NULL DEFAULT ''`,
  'sip_reason TEXT',
  // The far end of the leg: where its signalling and its audio come from.
  'sip_peer TEXT',
  'media_peer TEXT',
  'transfer TEXT CHECK (json_valid(transfer))',
];

/** Lists run from the newest call to the oldest, by start and then by serial (the row id that ends every index), so that a range of time is a part of the index. */
const INDEXES = [
  'DROP INDEX calls_by_tenant',
  'DROP INDEX calls_by_agent',
  'DROP INDEX calls_by_status',
  'CREATE INDEX calls_by_start ON calls (tenant_id, started_at_ms, serial, talked_ms)',
  'CREATE INDEX calls_by_agent ON calls (tenant_id, agent_id, started_at_ms)',
  'CREATE INDEX calls_by_status ON calls (tenant_id, status, started_at_ms)',
  'CREATE INDEX calls_by_result ON calls (tenant_id, result, started_at_ms)',
  'CREATE INDEX calls_by_outcome ON calls (tenant_id, outcome, started_at_ms)',
  'CREATE INDEX calls_by_ended_by ON calls (tenant_id, ended_by, started_at_ms)',
  'CREATE INDEX calls_by_direction ON calls (tenant_id, direction, started_at_ms)',
  'CREATE INDEX calls_by_from ON calls (tenant_id, from_party, started_at_ms)',
  'CREATE INDEX calls_by_to ON calls (tenant_id, to_party, started_at_ms)',
];

/** How many calls of each status a tenant has: counting them anew for every page would take longer than finding the page. */
const COUNTS = [
  `CREATE TABLE call_counts (
     tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
     status TEXT NOT NULL,
     calls INTEGER NOT NULL,
     PRIMARY KEY (tenant_id, status)
   ) STRICT, WITHOUT ROWID`,
  `INSERT INTO call_counts (tenant_id, status, calls) SELECT tenant_id, status, count(*) FROM calls GROUP BY tenant_id, status`,
  `CREATE TRIGGER call_counts_of_new_call AFTER INSERT ON calls BEGIN
     INSERT INTO call_counts (tenant_id, status, calls) VALUES (NEW.tenant_id, NEW.status, 1)
     ON CONFLICT DO UPDATE SET calls = calls + 1;
   END`,
  `CREATE TRIGGER call_counts_of_changed_call AFTER UPDATE OF status ON calls WHEN NEW.status <> OLD.status BEGIN
     UPDATE call_counts SET calls = calls - 1 WHERE tenant_id = OLD.tenant_id AND status = OLD.status;
     INSERT INTO call_counts (tenant_id, status, calls) VALUES (NEW.tenant_id, NEW.status, 1)
     ON CONFLICT DO UPDATE SET calls = calls + 1;
   END`,
  `CREATE TRIGGER call_counts_of_deleted_call AFTER DELETE ON calls BEGIN
     UPDATE call_counts SET calls = calls - 1 WHERE tenant_id = OLD.tenant_id AND status = OLD.status;
   END`,
];

/**
 * Two indexes for the search: words of the transcripts (row id = serial of the call * 2^20 + sequence of the entry), and numbers or
 * users by any part of them (row id = serial of the call). They keep no text of their own. Triggers hold them in step, so that no way
 * to change a transcript can forget to.
 */
const SEARCH = [
  `CREATE VIRTUAL TABLE call_words USING fts5 (
     text, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')`,
  `CREATE VIRTUAL TABLE call_parties USING fts5 (parties, content = '', contentless_delete = 1, tokenize = 'trigram')`,
  `CREATE TRIGGER call_words_of_new_entry AFTER INSERT ON transcript_entries BEGIN
     INSERT INTO call_words (rowid, text)
     SELECT serial * 1048576 + NEW.sequence, NEW.text FROM calls WHERE id = NEW.call_id;
   END`,
  `CREATE TRIGGER call_words_of_changed_entry AFTER UPDATE ON transcript_entries BEGIN
     DELETE FROM call_words WHERE rowid = (SELECT serial * 1048576 + OLD.sequence FROM calls WHERE id = OLD.call_id);
     INSERT INTO call_words (rowid, text)
     SELECT serial * 1048576 + NEW.sequence, NEW.text FROM calls WHERE id = NEW.call_id;
   END`,
  `CREATE TRIGGER call_words_of_deleted_entry AFTER DELETE ON transcript_entries BEGIN
     DELETE FROM call_words WHERE rowid = (SELECT serial * 1048576 + OLD.sequence FROM calls WHERE id = OLD.call_id);
   END`,
  `CREATE TRIGGER call_parties_of_new_call AFTER INSERT ON calls BEGIN
     INSERT INTO call_parties (rowid, parties) VALUES (NEW.serial, NEW.from_party || ' ' || NEW.to_party);
   END`,
  `CREATE TRIGGER call_parties_of_changed_call AFTER UPDATE OF from_party, to_party ON calls
   WHEN NEW.from_party <> OLD.from_party OR NEW.to_party <> OLD.to_party BEGIN
     DELETE FROM call_parties WHERE rowid = OLD.serial;
     INSERT INTO call_parties (rowid, parties) VALUES (NEW.serial, NEW.from_party || ' ' || NEW.to_party);
   END`,
  // The entries go by their foreign key, when their call can no longer be looked up.
  `CREATE TRIGGER call_search_of_deleted_call AFTER DELETE ON calls BEGIN
     DELETE FROM call_parties WHERE rowid = OLD.serial;
     DELETE FROM call_words WHERE rowid BETWEEN OLD.serial * 1048576 AND OLD.serial * 1048576 + 1048575;
   END`,
  `INSERT INTO call_words (rowid, text)
   SELECT calls.serial * 1048576 + sequence, text FROM transcript_entries JOIN calls ON calls.id = call_id`,
  `INSERT INTO call_parties (rowid, parties) SELECT serial, from_party || ' ' || to_party FROM calls`,
];

/** A turn may be the operator's doing; SQLite changes a CHECK only with its table. */
const TURNS = [
  `CREATE TABLE new_turns (
     id TEXT PRIMARY KEY NOT NULL,
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     cause TEXT NOT NULL CHECK (cause IN ('greeting', 'speech', 'digit', 'silence', 'operator')),
     origin_ms REAL NOT NULL,
     latency TEXT NOT NULL CHECK (json_valid(latency)),
     interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
     barge_in_ms REAL,
     UNIQUE (call_id, sequence)
   ) STRICT`,
  'INSERT INTO new_turns SELECT id, call_id, sequence, cause, origin_ms, latency, interrupted, barge_in_ms FROM turns',
  'DROP TABLE turns',
  'ALTER TABLE new_turns RENAME TO turns',
];

const RETENTION = [
  // Days that ended calls and recordings are kept; null leaves it to the configuration.
  'ALTER TABLE tenants ADD COLUMN retention_calls_days INTEGER CHECK (retention_calls_days >= 1)',
  'ALTER TABLE tenants ADD COLUMN retention_recordings_days INTEGER CHECK (retention_recordings_days >= 1)',
  // Files whose record is gone: written down with its removal, so that a process that dies in between removes them when it starts.
  'CREATE TABLE files_to_remove (path TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID',
  'CREATE INDEX calls_recorded ON calls (tenant_id, started_at_ms) WHERE recording_path IS NOT NULL',
];

const ENDED_BY_REASON = `CASE
  WHEN reason IS NULL THEN NULL
  WHEN reason = 'caller_hangup' THEN 'caller'
  WHEN reason IN ('callee_hangup', 'busy', 'rejected') THEN 'callee'
  WHEN reason = 'agent_hangup' THEN 'agent'
  WHEN reason = 'api_hangup' THEN 'operator'
  WHEN reason = 'cancelled' THEN iif(direction = 'inbound', 'caller', 'operator')
  WHEN reason IN ('no_common_codec', 'bad_request') THEN iif(direction = 'inbound', 'caller', 'callee')
  WHEN reason IN ('no_such_number', 'no_answer', 'ack_timeout', 'media_timeout', 'no_response') THEN 'network'
  WHEN reason LIKE 'sip\\_%' ESCAPE '\\' THEN 'network'
  ELSE 'system' END`;

const OUTCOME_OF_REASON = `CASE
  WHEN reason IS NULL THEN NULL
  WHEN answered_at_ms IS NOT NULL THEN 'answered'
  WHEN reason IN ('busy', 'no_answer', 'rejected', 'cancelled') THEN reason
  ELSE 'failed' END`;

export const callHistory: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const run = (statement: string) => sql.raw(statement).execute(db);
    for (const column of COLUMNS) await run(`ALTER TABLE calls ADD COLUMN ${column}`);
    await run(
      `UPDATE calls SET ended_by = ${ENDED_BY_REASON}, outcome = ${OUTCOME_OF_REASON}, talked_ms = ended_at_ms - answered_at_ms`,
    );
    await fillParties(db);
    for (const statement of [...INDEXES, ...COUNTS, ...SEARCH, ...TURNS, ...RETENTION]) await run(statement);
  },
};

const BATCH = 1000;

async function fillParties(db: Kysely<unknown>): Promise<void> {
  type Row = { serial: number; from_uri: string; to_uri: string };
  for (let last = 0; ; ) {
    const { rows } = await sql<Row>`
      SELECT serial, from_uri, to_uri FROM calls WHERE serial > ${last} ORDER BY serial LIMIT ${BATCH}`.execute(db);
    for (const { serial, from_uri: from, to_uri: to } of rows) {
      await sql`UPDATE calls SET from_party = ${partyIn(from)}, to_party = ${partyIn(to)} WHERE serial = ${serial}`.execute(db);
    }
    const end = rows.at(-1);
    if (!end) return;
    last = end.serial;
  }
}

/** As the party of a new call is found; kept here, since a migration must do tomorrow what it did today. */
function partyIn(uri: string): string {
  const [, scheme = '', rest = ''] = /^(sips?|tel):(.*)$/is.exec(uri) ?? [];
  const at = rest.lastIndexOf('@');
  const user = (at === -1 ? rest : rest.slice(0, at)).split(/[;:?]/, 1)[0] ?? '';
  if (at === -1 && scheme.toLowerCase() !== 'tel') return user.toLowerCase();
  return /^\+?[\d\s().\-/]*\d[\d\s().\-/]*$/.test(user) ? user.replace(/\D/g, '') : user.toLowerCase();
}
