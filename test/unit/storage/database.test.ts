import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { type CallId, DEFAULT_TENANT } from '../../../src/core/ids.js';
import { openDatabase } from '../../../src/storage/database.js';
import { StorageError } from '../../../src/storage/storage-error.js';
import { sampleAgent, sampleCall } from '../../support/sample-records.js';

/** The one line an operator reads. */
async function refusal(dataDir: string): Promise<string> {
  try {
    const database = await openDatabase(dataDir, { busyTimeoutMs: 20 });
    await database.close();
  } catch (error) {
    if (error instanceof StorageError) return error.message;
    throw error;
  }
  return 'opened';
}

void t.test('a database is made with its folder, and what is in it is there at the next opening', async (t) => {
  const dataDir = join(t.testdir(), 'deep', 'data');
  const first = await openDatabase(dataDir);
  const agent = sampleAgent();
  await first.agents.insert(agent);
  await first.close();
  await first.close();
  const second = await openDatabase(dataDir);
  t.teardown(() => second.close());
  t.same(await second.agents.find(DEFAULT_TENANT, agent.id), agent);
});

void t.test('every table refuses values of the wrong type', async (t) => {
  const dataDir = t.testdir();
  await (await openDatabase(dataDir)).close();
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'), { readonly: true });
  t.teardown(() => sqlite.close());
  t.equal(sqlite.pragma('journal_mode', { simple: true }), 'wal');
  const loose = sqlite.pragma('table_list') as { name: string; type: string; strict: number }[];
  const ours = loose.filter((table) => table.type === 'table' && !/^(sqlite|kysely)_/.test(table.name));
  t.ok(ours.length >= 7);
  t.same(
    ours.filter((table) => table.strict !== 1),
    [],
  );
});

void t.test('a database of a newer version is refused and left as it was', async (t) => {
  const dataDir = t.testdir();
  await (await openDatabase(dataDir)).close();
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
  sqlite.prepare('INSERT INTO kysely_migration (name, timestamp) VALUES (?, ?)').run('9999-from-the-future', '2099-01-01');
  sqlite.close();
  t.match(await refusal(dataDir), /offhook\.db was made by a newer version of Offhook/);
});

void t.test('a damaged file, a folder in its place and a data directory that is a file are one clear line each', async (t) => {
  const dataDir = t.testdir({ damaged: {}, folder: {}, plain: 'no folder' });
  writeFileSync(join(dataDir, 'damaged', 'offhook.db'), Buffer.alloc(8192, 0x5a));
  mkdirSync(join(dataDir, 'folder', 'offhook.db'));
  t.match(await refusal(join(dataDir, 'damaged')), /^database .*offhook\.db is damaged or no database/);
  t.match(await refusal(join(dataDir, 'folder')), /^database .*offhook\.db cannot be opened for writing/);
  t.match(await refusal(join(dataDir, 'plain')), /^data directory .*plain cannot be made/);
  t.equal(readFileSync(join(dataDir, 'damaged', 'offhook.db'))[0], 0x5a, 'the damaged file is kept for rescue');
});

void t.test('a database that another program holds exclusively is refused', async (t) => {
  const dataDir = t.testdir();
  await (await openDatabase(dataDir)).close();
  const other = new Sqlite(join(dataDir, 'offhook.db'));
  t.teardown(() => other.close());
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  t.match(await refusal(dataDir), /is locked by another program/);
});

void t.test('the command line can write while the server has the database open', async (t) => {
  const dataDir = t.testdir();
  const server = await openDatabase(dataDir);
  const tool = await openDatabase(dataDir);
  t.teardown(() => Promise.all([server.close(), tool.close()]));
  const [one, two] = [sampleCall(), sampleCall()];
  await Promise.all([server.calls.insert(one), tool.calls.insert(two)]);
  t.equal((await server.calls.list(DEFAULT_TENANT, {}, { limit: 10, offset: 0 })).total, 2);
});

void t.test('kill -9 loses nothing that was committed, and the database opens again', async (t) => {
  const dataDir = t.testdir();
  const writer = fileURLToPath(new URL('../../support/storage-writer.js', import.meta.url));
  const child = spawn(process.execPath, [writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const committed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    committed.push(line);
    if (committed.length === 200) child.kill('SIGKILL');
  });
  const linesRead = once(lines, 'close');
  t.same((await exited)[1], 'SIGKILL');
  await linesRead;
  t.ok(readdirSync(dataDir).includes('offhook.db-wal'), 'it died with its log unmerged');
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  t.ok(committed.length >= 200);
  for (const id of committed) {
    if (!(await database.calls.find(DEFAULT_TENANT, id as CallId))) t.fail(`call ${id} is lost`);
    if ((await database.calls.transcript(id as CallId)).length !== 1) t.fail(`transcript of ${id} is lost`);
  }
  t.ok((await database.calls.unfinished()).length >= committed.length, 'they wait to be closed as crashed');
});
