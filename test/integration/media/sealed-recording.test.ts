import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openRecording } from '../../../src/core/recording-file.js';
import { RecordingKeys, SEAL_PREFIX_BYTES } from '../../../src/core/recording-seal.js';
import { openTestEngine, until } from '../../support/media.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { clearShare, sine } from '../../support/signal.js';
import { readStereoWav } from '../../support/wav.js';

const TENANT = 'tenant-one';
const OLD = 'an old passphrase';
const NEW = 'a new passphrase!';
const RATE = 16_000;

/** A second and a half of 440 Hz said to us, recorded. */
async function record(t: Test, keys: RecordingKeys, tenant = TENANT): Promise<string> {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const path = join(temporaryDirectory(t), 'call.wav');
  session.configure(peer.agreement());
  session.startRecording(path, keys.seal(tenant, RATE));
  await peer.play(sine(440, 1500, 8000), session.local.rtpPort);
  await until(() => session.heard() > 1400 * 16, 'all of it to be heard');
  const { lostSamples } = await session.stopRecording();
  t.equal(lostSamples, 0);
  return path;
}

async function read(path: string, keys: RecordingKeys, tenant = TENANT): Promise<Buffer> {
  const file = await openRecording(path, keys, tenant);
  const wav = Buffer.alloc(file.sizeBytes);
  const length = await file.read(wav, 0);
  await file.close();
  if (length < wav.length) throw new Error(`${length} of ${wav.length} bytes`);
  return wav;
}

/** How much of what the caller said is the tone. */
function tone(t: Test, wav: Buffer): number {
  const path = join(temporaryDirectory(t), 'opened.wav');
  writeFileSync(path, wav);
  const { left, sampleRateHz } = readStereoWav(path);
  t.equal(sampleRateHz, RATE);
  const begin = left.findIndex((sample: number) => Math.abs(sample) > 1000);
  return clearShare(left.slice(begin + 320, begin + 16_000), 440, RATE);
}

void t.test('a sealed recording is nothing to who has no key, and a WAV file to who has', async (t) => {
  const keys = new RecordingKeys([OLD]);
  const path = await record(t, keys);
  const onDisk = readFileSync(path);
  t.notOk(onDisk.includes('RIFF'));
  const counts = new Uint32Array(256);
  for (const byte of onDisk.subarray(SEAL_PREFIX_BYTES)) counts[byte] = (counts[byte] ?? 0) + 1;
  t.ok(Math.max(...counts) < onDisk.length / 128, 'no byte is more frequent than others');
  const wav = await read(path, keys);
  t.ok(tone(t, wav) > 0.95);
  const file = await openRecording(path, keys, TENANT);
  t.teardown(() => file.close());
  for (const [from, length] of [
    [0, 10],
    [40, 100],
    [4000, 9000],
    [wav.length - 5, 100],
    [wav.length, 10],
  ] as const) {
    const piece = Buffer.alloc(length);
    const got = await file.read(piece, from);
    t.same(piece.subarray(0, got), wav.subarray(from, from + length), `${length} bytes from ${from}`);
  }
});

void t.test('a new key seals what comes, and the old one still opens what was', async (t) => {
  const path = await record(t, new RecordingKeys([OLD]));
  t.ok((await read(path, new RecordingKeys([NEW, OLD]))).length > 90_000);
  await t.rejects(openRecording(path, new RecordingKeys([NEW]), TENANT), /another key/);
  await t.rejects(openRecording(path, new RecordingKeys([]), TENANT), /another key/);
  t.ok((await read(await record(t, new RecordingKeys([NEW, OLD])), new RecordingKeys([NEW]))).length > 90_000);
});

void t.test("one tenant's file does not open as another's: what cannot be vouched for is silence", async (t) => {
  const keys = new RecordingKeys([OLD]);
  const wav = await read(await record(t, keys), keys, 'tenant-two');
  t.ok(wav.subarray(44).every((byte) => byte === 0));
});

void t.test('cut off anywhere, as by a killed server, it is a shorter recording', async (t) => {
  const keys = new RecordingKeys([OLD]);
  const path = await record(t, keys);
  const whole = await read(path, keys);
  const size = readFileSync(path).length;
  for (const cut of [1, 27, 28, 29, 2000, 4124, 5000, 50_000]) {
    truncateSync(path, size - cut);
    const wav = await read(path, keys);
    t.ok(
      wav.length <= whole.length && wav.length >= whole.length - cut - 4,
      `${wav.length} of ${whole.length} bytes without ${cut}`,
    );
    t.equal(wav.readUInt32LE(40), wav.length - 44, 'the header says what is there');
    const sure = Math.max(44, wav.length - 4096);
    t.same(wav.subarray(44, sure), whole.subarray(44, sure), 'all but the block that was cut');
    writeFileSync(path, readFileSync(path));
  }
  for (const length of [SEAL_PREFIX_BYTES, SEAL_PREFIX_BYTES + 5]) {
    truncateSync(path, length);
    t.equal((await read(path, keys)).length, 44, 'a recording of nothing');
  }
});

void t.test('what was changed on disk is silence, and the rest as it was', async (t) => {
  const keys = new RecordingKeys([OLD]);
  const path = await record(t, keys);
  const whole = await read(path, keys);
  const onDisk = readFileSync(path);
  const at = SEAL_PREFIX_BYTES + 3 * 4124 + 100;
  onDisk[at] = (onDisk[at] ?? 0) ^ 1;
  writeFileSync(path, onDisk);
  const wav = await read(path, keys);
  const [from, to] = [44 + 3 * 4096, 44 + 4 * 4096];
  t.ok(wav.subarray(from, to).every((byte) => byte === 0));
  t.same(Buffer.concat([wav.subarray(0, from), wav.subarray(to)]), Buffer.concat([whole.subarray(0, from), whole.subarray(to)]));
});
