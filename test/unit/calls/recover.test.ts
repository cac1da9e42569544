import { mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { repairRecording } from '../../../src/calls/repair-recording.js';
import type { Call } from '../../../src/domain/call.js';
import { sampleParticipant } from '../../support/sample-participant.js';
import { sampleCall } from '../../support/sample-records.js';
import { startFixture } from './call-fixture.js';

/** A stereo 16 kHz WAV of 16-bit samples whose header promises `promised` bytes and which holds `held`. */
function wav(promised: number, held: number, before: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(36);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + promised, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(64_000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  const data = Buffer.alloc(8);
  data.write('data', 0);
  data.writeUInt32LE(promised, 4);
  return Buffer.concat([head, before, data, Buffer.alloc(held, 7)]);
}

const dataLength = (file: Buffer): number => file.readUInt32LE(file.indexOf('data') + 4);

void t.test('a recording is given the length it really has, whatever its header promises', async (t) => {
  const dir = t.testdir();
  const list = Buffer.from('LIST\x05\0\0\0abcde\0', 'latin1');
  const rows: [string, Buffer, number][] = [
    ['never closed', wav(0, 6400), 6400],
    ['promises more', wav(9_999_999, 6400), 6400],
    ['promises all there can be', wav(0xffff_ffff - 36, 6400), 6400],
    ['half a frame at the end', wav(0, 6403), 6400],
    ['whole', wav(6400, 6400), 6400],
    ['nothing yet', wav(0, 0), 0],
    ['an odd chunk before the audio', wav(0, 6400, list), 6400],
  ];
  for (const [name, content, bytes] of rows) {
    const path = join(dir, 'recording.wav');
    writeFileSync(path, content);
    t.equal(await repairRecording(path), bytes / 64, `${name}: duration`);
    const repaired = readFileSync(path);
    t.equal(dataLength(repaired), bytes, `${name}: data length`);
    t.equal(repaired.readUInt32LE(4), repaired.length - 8, `${name}: file length`);
    t.same(
      repaired.subarray(-bytes || repaired.length),
      content.subarray(content.indexOf('data') + 8).subarray(0, bytes),
      `${name}: audio`,
    );
  }
});

void t.test('a header cut off anywhere becomes a valid recording of nothing', async (t) => {
  const path = join(t.testdir(), 'recording.wav');
  for (let bytes = 0; bytes < 44; bytes += 1) {
    writeFileSync(path, wav(0, 0));
    truncateSync(path, bytes);
    t.equal(await repairRecording(path), 0);
    t.same(readFileSync(path), wav(0, 0), `cut at ${bytes}`);
  }
});

void t.test('what is no recording is left alone', async (t) => {
  const path = join(t.testdir(), 'recording.wav');
  for (const content of ['not a wav', 'x'.repeat(5000), `RIFF\0\0\0\0WAVEjunk\xff\xff\xff\xff${'x'.repeat(100)}`]) {
    writeFileSync(path, content, 'latin1');
    await t.rejects(repairRecording(path));
    t.equal(readFileSync(path, 'latin1'), content);
  }
  await t.rejects(repairRecording(join(t.testdir(), 'missing.wav')), { code: 'ENOENT' });
});

void t.test('calls of a crashed process are closed as failed at the last sign of life, and their recordings open', async (t) => {
  const f = startFixture();
  t.teardown(f.remove);
  mkdirSync(join(f.dataDir, 'recordings'), { recursive: true });
  const crashed = (changes: Partial<Call>): Call =>
    sampleCall({
      status: 'in_progress',
      codec: 'PCMU',
      startedAtMs: 1_000_000,
      answeredAtMs: 1_000_100,
      sipCode: 200,
      ...changes,
    });
  const recorded = crashed({ recordingPath: 'recordings/a.wav' });
  const lost = crashed({ recordingPath: 'recordings/gone.wav' });
  const participants = [sampleParticipant({ status: 'joined', joinedAtMs: 1_000_200 }), sampleParticipant()];
  const ringing = crashed({ status: 'initiated', participants });
  const path = join(f.dataDir, 'recordings', 'a.wav');
  writeFileSync(path, wav(0, 640));
  utimesSync(path, 2000, 2000);
  for (const call of [recorded, lost, ringing]) await f.calls.insert(call);

  t.equal(await f.service.recover(), 3);
  const termination = { result: 'server_error', reason: 'crashed' };
  t.match(f.calls.rows.get(recorded.id), { status: 'failed', termination, endedBy: 'system', endedAtMs: 2_000_000 });
  t.match(f.calls.rows.get(lost.id), { status: 'failed', termination, endedAtMs: f.clock.nowMs() });
  t.match(f.calls.rows.get(ringing.id), { status: 'failed', termination });
  t.equal(dataLength(readFileSync(path)), 640);
  t.match(f.calls.rows.get(ringing.id)?.participants, [
    { status: 'left', reason: 'call_ended' },
    { status: 'failed', reason: 'call_ended' },
  ]);
  t.equal(await f.service.recover(), 0, 'and never again');
});
