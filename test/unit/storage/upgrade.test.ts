import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import t from 'tap';
import { openDatabase } from '../../../src/storage/database.js';
import { MIGRATIONS, migrate } from '../../../src/storage/migrate.js';
import { type Kept, seedDatabase } from '../../support/seeded-database.js';

type Row = Record<string, unknown>;

/** Without what SQLite, the migrator and full-text indexes keep for themselves. */
function tablesOf(sqlite: Sqlite.Database): string[] {
  return (sqlite.pragma('table_list') as { schema: string; name: string; type: string }[])
    .filter(({ schema, name, type }) => schema === 'main' && type === 'table' && !/^(sqlite|kysely)_/.test(name))
    .map(({ name }) => name)
    .sort();
}

const columnsOf = (sqlite: Sqlite.Database, table: string): string[] =>
  (sqlite.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
const countOf = (sqlite: Sqlite.Database, table: string): number =>
  sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;

/** Brings a new database as far as this version and fills it with what of `newest` it can hold. Returns how many rows each table got. */
async function makeOld(file: string, version: string, newest: Sqlite.Database): Promise<Map<string, number>> {
  const sqlite = new Sqlite(file);
  const db = new Kysely<never>({ dialect: new SqliteDialect({ database: sqlite }) });
  await migrate(sqlite, db, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name <= version)));
  sqlite.pragma('foreign_keys = OFF');
  const triggers = sqlite.prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'trigger'`).all() as {
    name: string;
    sql: string;
  }[];
  for (const { name } of triggers) sqlite.exec(`DROP TRIGGER ${name}`);
  const present = tablesOf(newest);
  for (const table of tablesOf(sqlite).filter((name) => present.includes(name))) {
    const known = columnsOf(newest, table);
    const shared = columnsOf(sqlite, table).filter((column) => known.includes(column));
    const rows = newest.prepare(`SELECT ${shared.join(', ')} FROM ${table}`).all() as Row[];
    sqlite.exec(`DELETE FROM ${table}`);
    const insert = sqlite.prepare(
      `INSERT INTO ${table} (${shared.join(', ')}) VALUES (${shared.map((column) => `@${column}`).join(', ')})`,
    );
    for (const row of rows) insert.run(row);
  }
  for (const trigger of triggers) sqlite.exec(trigger.sql);
  const counts = new Map(tablesOf(sqlite).map((table) => [table, countOf(sqlite, table)]));
  await db.destroy();
  return counts;
}

async function seedNewest(t: { testdir(): string }): Promise<{ file: string; kept: Kept[] }> {
  const dataDir = t.testdir();
  const database = await openDatabase(dataDir);
  const kept = await seedDatabase(database);
  await database.close();
  return { file: join(dataDir, 'offhook.db'), kept };
}

void t.test('a database of each earlier version is brought up to date with all that is in it', async (t) => {
  const { file, kept } = await seedNewest(t);
  const newest = new Sqlite(file, { readonly: true });
  t.teardown(() => newest.close());
  const empty = tablesOf(newest).filter((table) => countOf(newest, table) === 0);
  if (empty.length > 0) t.comment(`nothing to upgrade in: ${empty.join(', ')}`);

  for (const version of Object.keys(MIGRATIONS).sort()) {
    await t.test(`from ${version}`, async (t) => {
      const dataDir = join(t.testdir(), 'data');
      mkdirSync(dataDir);
      const path = join(dataDir, 'offhook.db');
      const before = await makeOld(path, version, newest);
      t.ok(before.get('calls'), 'there is something in it');

      const database = await openDatabase(dataDir);
      t.teardown(() => database.close());
      const sqlite = new Sqlite(path);
      t.teardown(() => sqlite.close());
      t.equal(sqlite.pragma('integrity_check', { simple: true }), 'ok');
      t.same(sqlite.pragma('foreign_key_check'), []);
      const applied = sqlite.prepare('SELECT name FROM kysely_migration ORDER BY name').pluck().all();
      t.same(applied, Object.keys(MIGRATIONS).sort());
      const after = tablesOf(sqlite);
      t.same(after, tablesOf(newest), 'it has the tables of a new one');
      for (const table of after) t.same(columnsOf(sqlite, table), columnsOf(newest, table), `and the columns of ${table}`);
      for (const [table, rows] of before) {
        if (after.includes(table) && countOf(sqlite, table) < rows) t.fail(`rows of ${table} are lost`);
      }
      for (const { table, expected, read } of kept.filter(({ table }) => before.has(table))) {
        t.match(await read(database), expected, `${table} reads as before`);
      }
    });
  }
});
