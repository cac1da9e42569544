import t from 'tap';
import { ChildAudioReader } from '../../../src/audio-files/child-audio-reader.js';
import { Mp4Writer } from '../../../src/audio-files/mp4-writer.js';
import { systemClock } from '../../../src/core/clock.js';
import { silentLogger } from '../../../src/core/log.js';
import { wavHeader } from '../../../src/core/wav-header.js';
import type { AudioReading } from '../../../src/domain/ports/audio-files.js';
import { aacInMp4, opusIn } from '../../support/audio-containers.js';
import { sine, toneShare } from '../../support/signal.js';

const SECONDS = 1;
const reader = new ChildAudioReader({ clock: systemClock, log: silentLogger });
const read = (file: Buffer, maxSeconds = 60, signal = new AbortController().signal): Promise<AudioReading> =>
  reader.read(file, { maxSeconds, signal });
const tone = (rateHz: number): Int16Array => sine(440, SECONDS * 1000, rateHz);

function wavOf(pcm: Int16Array, rateHz: number, channels = 1): Buffer {
  return Buffer.concat([wavHeader(pcm.byteLength, rateHz, channels), Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

void t.test('a tone is heard in whatever file it comes', async (t) => {
  const mono = tone(44_100);
  const stereo = Int16Array.from({ length: 2 * mono.length }, (_, i) => mono[i >> 1] ?? 0);
  const files: Record<string, Buffer> = {
    'WAV, 8 kHz': wavOf(tone(8000), 8000),
    'WAV, 44.1 kHz stereo': wavOf(stereo, 44_100, 2),
    'AAC in fragmented MP4': await aacInMp4(tone(24_000), 24_000),
    'Opus in WebM': await opusIn('webm', tone(48_000)),
    'Opus in MP4': await opusIn('mp4', tone(48_000)),
    'Opus in Ogg': await opusIn('ogg', tone(48_000)),
  };
  for (const [what, file] of Object.entries(files)) {
    const reading = await read(file);
    if ('failure' in reading) t.fail(`${what}: ${reading.failure}`);
    else {
      t.ok(toneShare(reading.pcm.subarray(3200, 12_800), 440, 16_000) > 0.99, `${what}: 440 Hz`);
      t.ok(Math.abs(reading.pcm.length - SECONDS * 16_000) < 2000, `${what}: ${reading.pcm.length} samples`);
    }
  }
});

void t.test('what is no audio, is damaged, empty or too long says which', async (t) => {
  const wav = wavOf(tone(8000), 8000);
  const mp4 = await aacInMp4(tone(16_000), 16_000);
  t.same(await read(Buffer.from('no audio at all '.repeat(100))), { failure: 'unreadable' });
  t.same(await read(mp4.subarray(0, 300)), { failure: 'unreadable' });
  t.same(await read(Buffer.from('1a45dfa3ffffffff', 'hex')), { failure: 'unreadable' });
  t.same(await read(wav, 0.5), { failure: 'too_long' });
  t.same(await read(await opusIn('webm', tone(48_000)), 0.5), { failure: 'too_long' });
});

void t.test('a reader that is not waited for is ended', async (t) => {
  const stop = new AbortController();
  const reading = read(wavOf(tone(8000), 8000), 60, stop.signal);
  stop.abort(new Error('gone'));
  await t.rejects(reading, { message: 'gone' });
  const hasty = new ChildAudioReader({ clock: systemClock, log: silentLogger, deadlineMs: 0 });
  const options = { maxSeconds: 60, signal: new AbortController().signal };
  t.same(await hasty.read(wavOf(tone(8000), 8000), options), { failure: 'timeout' });
});

void t.test('MP4 begins before the voice has ended, and fails as it does', async (t) => {
  let ended = false;
  async function* voice(fails: boolean): AsyncGenerator<Int16Array> {
    for (let i = 0; i < 40; i += 1) {
      yield sine(440, 100, 16_000);
      await new Promise<void>((resolve) => void systemClock.schedule(1, resolve));
    }
    ended = true;
    if (fails) throw new Error('lost its voice');
  }
  const begun: boolean[] = [];
  let bytes = 0;
  for await (const piece of new Mp4Writer().mp4(voice(false), 16_000)) {
    begun.push(ended);
    bytes += piece.length;
  }
  t.equal(begun[0], false, 'the head is there at once');
  t.ok(bytes > 10_000, `${bytes} bytes`);
  await t.rejects(
    (async () => {
      for await (const piece of new Mp4Writer().mp4(voice(true), 16_000)) t.ok(piece.length > 0);
    })(),
    { message: 'lost its voice' },
  );
});
