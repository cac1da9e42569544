import type Sqlite from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';

/** More than the server has; queries for lists of ids are one for each length of theirs. */
const MOST_STATEMENTS = 500;

/** A database that keeps what was prepared: for a row that is found by its key, that takes longer than running it. */
export class StatementCache implements SqliteDatabase {
  readonly #sqlite: Sqlite.Database;
  /** The one that was used last stands last. */
  readonly #statements = new Map<string, Sqlite.Statement<readonly unknown[]>>();

  constructor(sqlite: Sqlite.Database) {
    this.#sqlite = sqlite;
  }

  prepare(sql: string): Sqlite.Statement<readonly unknown[]> {
    const known = this.#statements.get(sql);
    // Whoever reads row by row may not be disturbed.
    if (known?.busy) return this.#sqlite.prepare(sql);
    const statement = known ?? this.#sqlite.prepare<readonly unknown[]>(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > MOST_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
    return statement;
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }
}
