import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { type CallId, DEFAULT_TENANT } from '../../src/core/ids.js';
import { openDatabase } from '../../src/storage/database.js';
import { eventually, OffhookProcess, temporaryDirectory } from '../support/offhook-process.js';

const WRITER = fileURLToPath(new URL('../support/storage-writer.js', import.meta.url));

void t.test('a backup under constant writing is one whole moment of the database, and restores', async (t) => {
  const dataDir = temporaryDirectory(t);
  const server = await OffhookProcess.start(t, { dataDir });
  const writer = spawn(process.execPath, [WRITER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => writer.kill('SIGKILL'));
  const committed: string[] = [];
  createInterface({ input: writer.stdout }).on('line', (line) => committed.push(line));
  await eventually(() => committed.length > 300 || undefined, 'a database with something in it');

  const before = committed.length;
  const target = join(temporaryDirectory(t), 'copy.db');
  const backup = OffhookProcess.spawn(t, { args: ['backup', target], dataDir });
  t.same(await backup.ended(), { code: 0, signal: null }, backup.stderr);
  t.match(backup.stdout, /copy\.db \d+ bytes, checked\n$/);
  const during = committed.length;
  await eventually(() => committed.length > during + 50 || undefined, 'the writer goes on');
  writer.kill('SIGKILL');
  await once(writer, 'exit');
  t.equal((await server.get('/healthz')).status, 200, 'the server went on too');
  t.same(readdirSync(join(target, '..')), ['copy.db'], 'one file, and nothing beside it');

  const restored = temporaryDirectory(t);
  cpSync(target, join(restored, 'offhook.db'));
  const database = await openDatabase(restored);
  const found = await Promise.all(committed.slice(0, before).map((id) => database.calls.find(DEFAULT_TENANT, id as CallId)));
  t.notOk(found.includes(undefined), 'all that was committed before it began is in it');
  const entries = await Promise.all(committed.slice(0, before).map((id) => database.calls.transcript(id as CallId)));
  t.ok(
    entries.every((transcript) => transcript.length === 1),
    'with all that belongs to it',
  );
  await database.close();

  const again = await OffhookProcess.start(t, { dataDir: restored });
  const page = await again.data<{ id: string; status: string }[]>('/calls?limit=1');
  t.match(page, [{ status: 'failed' }], 'a server serves it, and has closed the calls that were open at that moment');
});

void t.test('a backup overwrites nothing, and says in one line what is wrong', async (t) => {
  const dataDir = temporaryDirectory(t);
  const folder = temporaryDirectory(t);
  const target = join(folder, 'copy.db');
  writeFileSync(target, 'precious');
  async function refusal(...args: string[]): Promise<string> {
    const backup = OffhookProcess.spawn(t, { args: ['backup', ...args], dataDir });
    t.same(await backup.ended(), { code: 1, signal: null });
    t.equal(backup.stderr.trim().split('\n').length, 1);
    return backup.stderr;
  }
  t.match(await refusal(), /usage: offhook backup <file>/);
  t.match(await refusal(join(folder, 'new.db')), /there is no database .*offhook\.db/);
  t.notOk(existsSync(join(dataDir, 'offhook.db')), 'nor is one made');

  await (await openDatabase(dataDir)).close();
  t.match(await refusal(target), /copy\.db exists already and is not overwritten/);
  t.equal(readFileSync(target, 'utf8'), 'precious');
  t.match(await refusal(join(folder, 'no-such-folder', 'copy.db')), /cannot be made/);
  mkdirSync(join(folder, 'a-folder'));
  t.match(await refusal(join(folder, 'a-folder')), /exists already/);

  const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
  sqlite.pragma('foreign_keys = OFF');
  sqlite.exec(`INSERT INTO agent_versions (agent_id, version, settings, created_at_ms) VALUES ('nobody', 1, '{}', 0)`);
  sqlite.close();
  t.match(await refusal(join(folder, 'new.db')), /is damaged.*refer to nothing/);
  t.same(readdirSync(folder).sort(), ['a-folder', 'copy.db'], 'no half copy is left');
});
