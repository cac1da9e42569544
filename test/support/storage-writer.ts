// Run as a process of its own: writes calls and transcript to the database of argv[2], naming each id on standard output
// once it is committed, until it is killed.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/storage/database.js';
import { sampleCall, sampleEntry } from './sample-records.js';

const database = await openDatabase(process.argv[2] ?? '');
for (;;) {
  const call = sampleCall();
  await database.calls.insert(call);
  await database.calls.appendTranscript(sampleEntry(call.id, 1));
  writeSync(1, `${call.id}\n`);
}
