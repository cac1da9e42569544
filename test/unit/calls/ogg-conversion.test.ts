import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { convertToOgg } from '../../../src/calls/ogg/convert.js';
import { openRecording } from '../../../src/core/recording-file.js';
import { RecordingKeys } from '../../../src/core/recording-seal.js';
import { StereoRecording } from '../../../src/reports/stereo-recording.js';
import { temporaryDirectory } from '../../support/offhook-process.js';
import { rms, sine, toneShare } from '../../support/signal.js';
import { writeStereoWav } from '../../support/stereo-wav.js';
import { joined, silent } from '../../support/test-audio.js';

const RATE = 16_000;
const TENANT = 'tenant-one';
const PLAIN = new RecordingKeys([]);
const SEALED = new RecordingKeys(['a passphrase of some length']);
/** The caller begins at 1 s, the agent at 2.5 s; the end is within a packet of 20 ms. */
const CALLER = joined(silent(1_000), sine(440, 1_000, RATE), silent(2_007));
const AGENT = joined(silent(2_500), sine(660, 1_000, RATE), silent(507));

async function converted(t: Test, keys: RecordingKeys): Promise<string> {
  const directory = temporaryDirectory(t);
  const wav = join(directory, 'call.wav');
  const ogg = join(directory, 'call.ogg');
  writeStereoWav(wav, CALLER, AGENT);
  const file = await openRecording(wav, PLAIN, TENANT);
  await convertToOgg(file, ogg, keys.seal(TENANT, RATE));
  await file.close();
  t.notOk(existsSync(`${ogg}.part`));
  return ogg;
}

async function bytesOf(t: Test, path: string, keys: RecordingKeys): Promise<Buffer> {
  const file = await openRecording(path, keys, TENANT);
  const bytes = Buffer.alloc(file.sizeBytes);
  t.equal(await file.read(bytes, 0), bytes.length);
  await file.close();
  return bytes;
}

void t.test('what was recorded is in the Ogg file, in its place, sealed or not', async (t) => {
  for (const keys of [PLAIN, SEALED]) {
    const path = await converted(t, keys);
    const recording = await StereoRecording.open(await openRecording(path, keys, TENANT));
    t.equal(recording.durationMs, 4_000, 'whole frames of 20 ms');
    for (const [channel, beginFrame, hz] of [
      [0, 50, 440],
      [1, 125, 660],
    ] as const) {
      const spoken = await recording.samples(channel, beginFrame, beginFrame + 50);
      t.ok(toneShare(spoken, hz, RATE) > 0.99, `${hz} Hz of ${channel === 0 ? 'the caller' : 'the agent'}`);
      const [before, first] = [
        await recording.samples(channel, beginFrame - 2, beginFrame - 1),
        await recording.samples(channel, beginFrame, beginFrame + 1),
      ];
      t.ok(rms(first) > 10 * rms(before), 'begins when it was said');
    }
    const [caller] = await recording.peaks(4);
    t.ok((caller[1] ?? 0) > 0.2 && (caller[3] ?? 1) < 0.02, 'and so does the waveform');
    await recording.close();
  }
});

void t.test('it can be read from anywhere, in any pieces', async (t) => {
  const path = await converted(t, PLAIN);
  const recording = await StereoRecording.open(await openRecording(path, PLAIN, TENANT));
  const inOrder = joined(await recording.samples(0, 0, 100), await recording.samples(0, 100, 200));
  const late = await recording.samples(0, 80, 90);
  const wanted = inOrder.subarray(80 * 320, 90 * 320);
  t.ok(rms(late.map((sample, i) => sample - (wanted[i] ?? 0))) < rms(wanted) / 50, 'the same, but for how decoders settle');
  await recording.close();
});

void t.test('others read it as what it is', async (t) => {
  const path = await converted(t, PLAIN);
  const bytes = readFileSync(path);
  t.ok(bytes.length < 4 * RATE * 4 * 0.2, `${bytes.length} bytes`);
  t.same(await bytesOf(t, path, PLAIN), bytes);
  const probe = ['-v', 'error', '-show_entries', 'stream=codec_name,channels:format=format_name,duration', '-of', 'json'];
  const { error, stdout, stderr } = spawnSync('ffprobe', [...probe, path], { encoding: 'utf8' });
  if (error) return t.comment('ffprobe is not installed');
  t.equal(stderr, '');
  t.match(JSON.parse(stdout), { streams: [{ codec_name: 'opus', channels: 2 }], format: { format_name: 'ogg' } });
  const seconds = Number((JSON.parse(stdout) as { format: { duration: string } }).format.duration);
  t.ok(Math.abs(seconds - 4.007) < 0.01, `${seconds} s`);
});

void t.test('sealed, nothing of it can be seen, and what it holds is Ogg to who has the key', async (t) => {
  const path = await converted(t, SEALED);
  t.notOk(readFileSync(path).includes('OggS'));
  const bytes = await bytesOf(t, path, SEALED);
  t.equal(bytes.toString('latin1', 0, 4), 'OggS');
  await t.rejects(openRecording(path, PLAIN, TENANT));
});

void t.test('a file that is no Ogg is a recording that cannot be read, or is empty; nothing hangs', async (t) => {
  const path = join(temporaryDirectory(t), 'call.ogg');
  for (const content of [
    Buffer.alloc(0),
    Buffer.from('OggS'),
    Buffer.alloc(5_000, 0x4f),
    readFileSync(await converted(t, PLAIN)).subarray(0, 3_000),
  ]) {
    writeFileSync(path, content);
    const recording = await StereoRecording.open(await openRecording(path, PLAIN, TENANT));
    t.ok(recording.durationMs < 2_000);
    await recording.levels();
    await recording.close();
  }
});
