import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { CallRemoval } from '../../../src/calls/call-removal.js';
import { RetentionSweeper } from '../../../src/calls/retention-sweeper.js';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, type TenantId } from '../../../src/core/ids.js';
import { silentLogger } from '../../../src/core/log.js';
import type { Call } from '../../../src/domain/call.js';
import type { Retention } from '../../../src/domain/identity.js';
import { openDatabase } from '../../../src/storage/database.js';
import { sampleCall, sampleCompletedCall, sampleEntry, sampleText } from '../../support/sample-records.js';
import { until } from '../../support/until.js';

const DAY_MS = 86_400_000;
const OTHER = '00000000-0000-7000-8000-000000000002' as TenantId;

async function start(t: { testdir(): string; teardown(handler: () => Promise<void>): void }) {
  const dataDir = t.testdir();
  const database = await openDatabase(dataDir);
  const sqlite = new Sqlite(join(dataDir, 'offhook.db'));
  sqlite.prepare('INSERT INTO tenants (id, name, created_at_ms) VALUES (?, ?, 0)').run(OTHER, 'other');
  mkdirSync(join(dataDir, 'recordings'));
  const clock = new FakeClock();
  const sweepers: RetentionSweeper[] = [];
  t.teardown(async () => {
    for (const sweeper of sweepers) await sweeper.close();
    sqlite.close();
    await database.close();
  });
  const { archive } = database;
  const removal = new CallRemoval({ archive, dataDir, log: silentLogger });
  return {
    database,
    dataDir,
    sqlite,
    clock,
    removal,
    /** A call of `days` ago with a recording and a transcript. */
    add: async (days: number, changes: Partial<Call> = {}): Promise<Call> => {
      const call = sampleCompletedCall(undefined, { startedAtMs: clock.nowMs() - days * DAY_MS, ...changes });
      const stored = { ...call, recordingPath: join('recordings', `${call.id}.wav`) };
      writeFileSync(join(dataDir, stored.recordingPath), 'RIFF');
      await database.calls.insert(stored);
      await database.calls.appendTranscript(sampleEntry(call.id, 1));
      return stored;
    },
    sweeper: (defaults: Partial<Retention>): RetentionSweeper => {
      const all = { callsDays: undefined, recordingsDays: undefined, ...defaults };
      const sweeper = new RetentionSweeper({ archive, settings: archive, removal, defaults: all, clock, log: silentLogger });
      sweepers.push(sweeper);
      return sweeper;
    },
    left: async (tenant = DEFAULT_TENANT) => {
      const { items, total } = await database.calls.list(tenant, {}, { limit: 100, offset: 0 });
      return { total, recordings: items.filter((call) => call.recordingPath !== undefined).length };
    },
    files: () => readdirSync(join(dataDir, 'recordings')).length,
  };
}

/** Lets the sweeper come to the end of its round: the timer that is left then is not that of a pause. */
async function sweep(clock: FakeClock): Promise<void> {
  do {
    await until(() => clock.pendingTimers === 1);
    clock.advance(20);
  } while (clock.pendingTimers !== 1);
}

void t.test('calls and recordings go when they are older than they are kept, and no others', async (t) => {
  const s = await start(t);
  await s.add(31);
  await s.add(8);
  await s.add(6);
  const running = sampleCall({ status: 'in_progress', startedAtMs: s.clock.nowMs() - 40 * DAY_MS });
  await s.database.calls.insert(running);
  s.sweeper({ callsDays: 30, recordingsDays: 7 }).start();
  await sweep(s.clock);
  t.same(await s.left(), { total: 3, recordings: 1 }, 'one is too old, one has lost its recording, one goes on');
  t.equal(s.files(), 1);
  t.ok(await s.database.calls.find(DEFAULT_TENANT, running.id));
});

void t.test('nothing goes unless days are set', async (t) => {
  const s = await start(t);
  await s.add(5000);
  s.sweeper({}).start();
  await sweep(s.clock);
  t.same(await s.left(), { total: 1, recordings: 1 });
});

void t.test("an organisation's own days go before those of the configuration", async (t) => {
  const s = await start(t);
  await s.add(20);
  await s.add(20, { tenantId: OTHER });
  const patched = await s.database.organizations.patch(OTHER, { retention: { callsDays: 10 } }, 0);
  t.same(patched?.retention, { callsDays: 10, recordingsDays: undefined });
  s.sweeper({ callsDays: 30 }).start();
  await sweep(s.clock);
  t.same(await s.left(), { total: 1, recordings: 1 });
  t.same(await s.left(OTHER), { total: 0, recordings: 0 });
});

void t.test('it looks again every hour, also after a restart', async (t) => {
  const s = await start(t);
  await s.add(0);
  const first = s.sweeper({ callsDays: 1 });
  first.start();
  await sweep(s.clock);
  s.clock.advance(DAY_MS - 3_600_000);
  await sweep(s.clock);
  t.same(await s.left(), { total: 1, recordings: 1 }, 'not a day old yet');
  s.clock.advance(3_600_001);
  await sweep(s.clock);
  t.same(await s.left(), { total: 0, recordings: 0 });
  await first.close();
  t.equal(s.clock.pendingTimers, 0, 'nothing is left of one that was closed');
  await s.add(2);
  s.sweeper({ callsDays: 1 }).start();
  await sweep(s.clock);
  t.same(await s.left(), { total: 0, recordings: 0 });
});

void t.test('many calls go in small portions with pauses, and closing stops between two of them', async (t) => {
  const s = await start(t);
  for (let i = 0; i < 50; i += 1) await s.add(2);
  const sweeper = s.sweeper({ callsDays: 1 });
  sweeper.start();
  await until(() => s.clock.pendingTimers === 1);
  t.same(await s.left(), { total: 30, recordings: 30 }, 'the clock stands still after the first portion');
  await sweeper.close();
  t.same(await s.left(), { total: 30, recordings: 30 });
});

void t.test(
  'a process that dies between record and file leaves nothing behind that the next start does not remove',
  async (t) => {
    const s = await start(t);
    const call = await s.add(1);
    // As far as a process came that was killed right after its transaction.
    t.equal(await s.database.archive.remove(DEFAULT_TENANT, call.id), 'removed');
    t.equal(s.files(), 1);
    s.sweeper({}).start();
    await sweep(s.clock);
    t.equal(s.files(), 0);
    t.same(await s.database.archive.filesToRemove(10), []);
  },
);

void t.test('a file that cannot be removed waits for the next time; one outside the data directory is left alone', async (t) => {
  const s = await start(t);
  const outside = join(s.dataDir, '..', 'precious.wav');
  writeFileSync(outside, 'RIFF');
  const note = s.sqlite.prepare('INSERT INTO files_to_remove (path) VALUES (?)');
  note.run('../precious.wav');
  mkdirSync(join(s.dataDir, 'recordings', 'a-folder'));
  note.run('recordings/a-folder');
  writeFileSync(join(s.dataDir, 'recordings', 'z.wav'), 'RIFF');
  note.run('recordings/z.wav');
  await s.removal.removeFiles();
  t.ok(existsSync(outside));
  t.notOk(existsSync(join(s.dataDir, 'recordings', 'z.wav')));
  t.same(await s.database.archive.filesToRemove(10), ['recordings/a-folder']);
});

void t.test('texts are kept as long as calls; those of a call go with it, and what is still to be sent stays', async (t) => {
  const f = await start(t);
  const old = f.clock.nowMs() - 10 * DAY_MS;
  const call = await f.add(1);
  const add = (changes: Parameters<typeof sampleText>[0]) =>
    f.database.texts.insert(sampleText({ sipId: undefined, ...changes }));
  await add({ text: 'old', createdAtMs: old });
  await add({ text: 'of the call', createdAtMs: old, callId: call.id });
  await add({ text: 'pending', createdAtMs: old, direction: 'outbound', status: 'pending' });
  await add({ text: 'new', createdAtMs: f.clock.nowMs() });
  const left = async () =>
    (await f.database.texts.list(DEFAULT_TENANT, {}, { limit: 10, offset: 0 })).items.map(({ text }) => text);
  f.sweeper({ callsDays: 5 }).start();
  await until(async () => (await left()).length === 3);
  t.same(await left(), ['new', 'pending', 'of the call']);
  await f.removal.delete(DEFAULT_TENANT, call.id);
  t.same(await left(), ['new', 'pending']);
});
