import { type Kysely, type Migration, sql } from 'kysely';

/** A line of a transcript may be an operator's; SQLite changes a CHECK only with its table, and the search's triggers go with that. */
const STATEMENTS = [
  `CREATE TABLE new_transcript_entries (
     call_id TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
     sequence INTEGER NOT NULL,
     speaker TEXT NOT NULL CHECK (speaker IN ('caller', 'agent', 'operator')),
     text TEXT NOT NULL,
     heard_text TEXT NOT NULL,
     interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
     start_ms REAL NOT NULL,
     end_ms REAL NOT NULL,
     PRIMARY KEY (call_id, sequence)
   ) STRICT, WITHOUT ROWID`,
  `INSERT INTO new_transcript_entries
   SELECT call_id, sequence, speaker, text, heard_text, interrupted, start_ms, end_ms FROM transcript_entries`,
  `DROP TABLE transcript_entries`,
  `ALTER TABLE new_transcript_entries RENAME TO transcript_entries`,
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
  `ALTER TABLE calls ADD COLUMN guidance TEXT CHECK (json_valid(guidance))`,
];

export const operators: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
