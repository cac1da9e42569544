import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { type Kysely, Kysely as KyselyDb, SqliteDialect, sql } from 'kysely';
import t from 'tap';
import { DEFAULT_TENANT } from '../../../src/core/ids.js';
import { SqlApiKeyRepository } from '../../../src/storage/api-key-repository.js';
import { openDatabase } from '../../../src/storage/database.js';
import { MIGRATIONS, migrate } from '../../../src/storage/migrate.js';

function memory(t: { teardown(handler: () => Promise<void>): void }): { sqlite: Sqlite.Database; db: Kysely<never> } {
  const sqlite = new Sqlite(':memory:');
  const db = new KyselyDb<never>({ dialect: new SqliteDialect({ database: sqlite }) });
  t.teardown(() => db.destroy());
  return { sqlite, db };
}
const tablesOf = (sqlite: Sqlite.Database): string[] =>
  (sqlite.pragma('table_list') as { name: string }[])
    .map((table) => table.name)
    .filter((name) => !/^(sqlite|kysely)_/.test(name))
    .sort();

void t.test('migrations run once, and those that come later run on top', async (t) => {
  const { sqlite, db } = memory(t);
  await migrate(sqlite, db);
  await migrate(sqlite, db);
  const before = tablesOf(sqlite);
  const later = { up: (inner: Kysely<unknown>) => sql`CREATE TABLE later (id TEXT) STRICT`.execute(inner).then(() => {}) };
  await migrate(sqlite, db, { ...MIGRATIONS, '9998-later': later });
  t.same(tablesOf(sqlite), [...before, 'later'].sort());
  t.match(sqlite.prepare('SELECT id FROM tenants').all(), [{ id: DEFAULT_TENANT }]);
});

void t.test('a migration that fails half way leaves the database as it was, and says which it was', async (t) => {
  const { sqlite, db } = memory(t);
  await migrate(sqlite, db);
  const before = tablesOf(sqlite);
  const broken = {
    up: async (inner: Kysely<unknown>): Promise<void> => {
      await sql`CREATE TABLE half_done (id TEXT) STRICT`.execute(inner);
      await sql`CREATE TABLE calls (id TEXT)`.execute(inner);
    },
  };
  await t.rejects(
    migrate(sqlite, db, { ...MIGRATIONS, '9999-broken': broken }),
    /cannot be brought up to date \(migration 9999-broken\)/,
  );
  t.same(tablesOf(sqlite), before);
});

void t.test('calls of before are found by what is looked for now', async (t) => {
  const { sqlite, db } = memory(t);
  const before = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0060'));
  await migrate(sqlite, db, before);
  const insert = sqlite.prepare(
    `INSERT INTO calls (id, tenant_id, direction, status, agent_name, sip_call_id, from_uri, to_uri, started_at_ms, answered_at_ms, ended_at_ms, result, reason)
     VALUES (?, ?, ?, ?, 'desk', 'x', ?, ?, 1000, ?, ?, ?, ?)`,
  );
  insert.run(
    'a',
    DEFAULT_TENANT,
    'inbound',
    'completed',
    'sip:+1(555)0123@h',
    'sip:Desk@h',
    2000,
    5000,
    'success',
    'agent_hangup',
  );
  insert.run('b', DEFAULT_TENANT, 'outbound', 'failed', 'sip:192.0.2.1', 'tel:+49-40', null, 4000, 'upstream_error', 'sip_500');
  insert.run('c', DEFAULT_TENANT, 'inbound', 'in_progress', '', 'x', 2000, null, null, null);
  sqlite.exec(`INSERT INTO transcript_entries VALUES ('b', 3, 'agent', 'good morning', '', 0, 0, 1)`);
  sqlite.exec(`INSERT INTO turns VALUES ('t', 'a', 1, 'greeting', 0, '{}', 0, NULL)`);
  await migrate(sqlite, db);
  t.same(sqlite.prepare('SELECT id, ended_by, outcome, talked_ms, from_party, to_party FROM calls ORDER BY id').raw().all(), [
    ['a', 'agent', 'answered', 3000, '15550123', 'desk'],
    ['b', 'network', 'failed', null, '192.0.2.1', '4940'],
    ['c', null, null, null, '', ''],
  ]);
  t.same(sqlite.prepare(`SELECT rowid >> 20 FROM call_words WHERE call_words MATCH 'morning'`).pluck().all(), [2]);
  t.same(sqlite.prepare(`SELECT rowid FROM call_parties WHERE call_parties MATCH '"555"'`).pluck().all(), [1]);
  t.equal(sqlite.prepare('SELECT sum(calls) FROM call_counts').pluck().get(), 3);
  t.same(sqlite.prepare('SELECT id, call_id FROM turns').raw().all(), [['t', 'a']]);
  sqlite.pragma('foreign_keys = ON');
  sqlite.exec('DELETE FROM calls');
  t.equal(sqlite.prepare(`SELECT count(*) FROM call_words WHERE call_words MATCH 'morning'`).pluck().get(), 0);
  t.equal(sqlite.prepare(`SELECT count(*) FROM call_parties WHERE call_parties MATCH '"555"'`).pluck().get(), 0);
  t.equal(sqlite.prepare('SELECT sum(calls) FROM call_counts').pluck().get(), 0);
  t.equal(sqlite.prepare('SELECT count(*) FROM turns').pluck().get(), 0, 'and the turns still go with their call');
});

void t.test('two programs that open a new database at the same moment both get it', async (t) => {
  const dataDir = t.testdir();
  const writer = fileURLToPath(new URL('../../support/storage-writer.js', import.meta.url));
  const children = [1, 2, 3].map(() => spawn(process.execPath, [writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] }));
  const wrote = await Promise.all(
    children.map(async (child) => {
      const exited = once(child, 'exit').then(() => 'exited');
      const first = await Promise.race([once(child.stdout, 'data').then(() => 'wrote'), exited]);
      child.stdout.destroy();
      child.kill('SIGKILL');
      await exited;
      return first;
    }),
  );
  t.same(wrote, ['wrote', 'wrote', 'wrote']);
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  t.ok((await database.calls.unfinished()).length >= 3);
});

void t.test('keys of a database from before there were scopes may do everything, and do not expire', async (t) => {
  const { sqlite, db } = memory(t);
  const first = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0011'));
  await migrate(sqlite, db, first);
  sqlite
    .prepare('INSERT INTO api_keys (id, tenant_id, name, prefix, hash, created_at_ms) VALUES (?, ?, ?, ?, ?, 1)')
    .run('k', DEFAULT_TENANT, 'old', 'va_12345678', 'a'.repeat(64));
  await migrate(sqlite, db);
  const key = await new SqlApiKeyRepository(db).findByHash('a'.repeat(64));
  t.match(key, { name: 'old', createdAtMs: 1 });
  t.same([key?.scopes, key?.expiresAtMs], [undefined, undefined]);
});
