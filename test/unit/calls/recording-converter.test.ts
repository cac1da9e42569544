import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { CallRemoval } from '../../../src/calls/call-removal.js';
import { RecordingConverter } from '../../../src/calls/ogg/recording-converter.js';
import { Recordings } from '../../../src/calls/recordings.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import type { Call } from '../../../src/domain/call.js';
import { openDatabase } from '../../../src/storage/database.js';
import { collectingLogger } from '../../support/collecting-logger.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { sampleCall, sampleCompletedCall } from '../../support/sample-records.js';
import { sine } from '../../support/signal.js';
import { writeStereoWav } from '../../support/stereo-wav.js';
import { until } from '../../support/until.js';

async function open(t: Test) {
  const dataDir = temporaryDirectory(t);
  mkdirSync(join(dataDir, 'recordings'));
  const database = await openDatabase(dataDir);
  t.teardown(() => database.close());
  const { archive } = database;
  const logged: { level: string; message: string; fields: object }[] = [];
  const log = collectingLogger(logged);
  const removal = new CallRemoval({ archive, dataDir, log });
  const converter = new RecordingConverter({ archive, removeFiles: () => removal.removeFiles(), dataDir, passphrases: [], log });
  t.teardown(() => converter.close());
  const path = (call: Call, format: 'wav' | 'ogg' | 'ogg.part'): string => join(dataDir, 'recordings', `${call.id}.${format}`);
  return {
    archive,
    converter,
    logged,
    removal,
    recordings: new Recordings(dataDir, new RecordingKeys([])),
    path,
    /** A call with half a second of recording. */
    add: async (call: Call): Promise<Call> => {
      const stored = { ...call, recordingPath: join('recordings', `${call.id}.wav`) };
      writeStereoWav(path(call, 'wav'), sine(440, 500, 16_000), new Int16Array(0));
      await database.calls.insert(stored);
      return stored;
    },
    now: async (call: Call): Promise<Call | undefined> => await database.calls.find(call.tenantId, call.id),
  };
}

void t.test('when a call is over its recording becomes Ogg, and whoever looked before finds it too', async (t) => {
  const f = await open(t);
  const call = await f.add(sampleCompletedCall(undefined));
  f.converter.onEnded(call);
  await until(() => !existsSync(f.path(call, 'wav')));
  t.equal((await f.now(call))?.recordingPath, join('recordings', `${call.id}.ogg`));
  for (const known of [call, (await f.now(call)) ?? call]) {
    const file = await f.recordings.open(known);
    t.equal(file.format, 'ogg');
    await file.close();
  }
  t.same(await f.archive.filesToRemove(10), []);
  t.same(f.logged, []);
});

void t.test('what a killed server left is taken up again: half an Ogg, or one that the record does not name', async (t) => {
  const f = await open(t);
  const [half, whole, going] = [
    await f.add(sampleCompletedCall(undefined)),
    await f.add(sampleCompletedCall(undefined)),
    await f.add(sampleCall({ status: 'in_progress' })),
  ];
  writeFileSync(f.path(half, 'ogg.part'), 'OggS');
  writeFileSync(f.path(whole, 'ogg'), 'written, but not in the record');
  f.converter.start();
  for (const call of [half, whole]) {
    await until(() => !existsSync(f.path(call, 'wav')));
    const file = await f.recordings.open((await f.now(call)) ?? call);
    t.ok(file.format === 'ogg' && file.sizeBytes > 1_000, 'the whole of it');
    await file.close();
  }
  t.notOk(existsSync(f.path(half, 'ogg.part')));
  t.ok(existsSync(f.path(going, 'wav')), 'a call that goes on is left alone');
});

void t.test('a recording that cannot be converted stays as it is, and the next ones are', async (t) => {
  const f = await open(t);
  const [gone, fine] = [await f.add(sampleCompletedCall(undefined)), await f.add(sampleCompletedCall(undefined))];
  // Where the Ogg should go stands something else.
  mkdirSync(f.path(gone, 'ogg.part'));
  f.converter.onEnded(gone);
  f.converter.onEnded(fine);
  await until(() => !existsSync(f.path(fine, 'wav')));
  t.ok(existsSync(f.path(gone, 'wav')));
  t.equal((await f.now(gone))?.recordingPath, gone.recordingPath);
  t.match(f.logged, [{ level: 'error', message: 'recording stays WAV', fields: { callId: gone.id } }]);
});

void t.test('a call that was deleted meanwhile leaves neither file', async (t) => {
  const f = await open(t);
  const call = await f.add(sampleCompletedCall(undefined));
  const ogg = join('recordings', `${call.id}.ogg`);
  writeFileSync(f.path(call, 'ogg'), 'just made');
  await f.removal.delete(call.tenantId, call.id);
  await f.archive.replaceRecording(call.tenantId, call.id, call.recordingPath ?? '', ogg);
  t.same(await f.archive.filesToRemove(10), [ogg]);
  await f.removal.removeFiles();
  t.notOk(existsSync(f.path(call, 'ogg')) || existsSync(f.path(call, 'wav')));
});

void t.test('closed in the middle, the WAV is what there is', async (t) => {
  const f = await open(t);
  const calls = [];
  for (let i = 0; i < 5; i += 1) calls.push(await f.add(sampleCompletedCall(undefined)));
  for (const call of calls) f.converter.onEnded(call);
  await f.converter.close();
  for (const call of calls) {
    const file = await f.recordings.open((await f.now(call)) ?? call);
    t.ok(file.sizeBytes > 1_000, 'one whole file');
    await file.close();
  }
  t.same(f.logged, []);
});
