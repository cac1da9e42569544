// Run as a process of its own: opens the database of argv[2], ends a call in it, names the call on standard output once that is
// committed, and waits to be killed. Nothing in it delivers.
import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/storage/database.js';
import { sampleCall, sampleCompletedCall } from './sample-records.js';

const database = await openDatabase(process.argv[2] ?? '');
const call = sampleCall();
await database.calls.insert(call);
await database.calls.update(sampleCompletedCall(undefined, { id: call.id }));
writeSync(1, `${call.id}\n`);
setInterval(() => {}, 60_000);
