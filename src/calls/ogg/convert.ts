import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import opus from '@discordjs/opus';
import { OggOpusWriter, OPUS_CHANNELS, OPUS_FRAME_SAMPLES, OPUS_RATE_HZ, PRE_SKIP_SAMPLES } from '../../core/ogg-opus.js';
import type { RecordingFile } from '../../core/recording-file.js';
import type { Seal } from '../../core/recording-seal.js';
import { SealedWriter } from '../../core/sealed-writer.js';
import { WAV_HEADER_BYTES } from '../../core/wav-header.js';

/** Of both sides together: a voice each, which Opus cannot tell from the original on a telephone. */
const BITRATE_BPS = 48_000;
const FRAME_BYTES = OPUS_CHANNELS * 2 * OPUS_FRAME_SAMPLES;
const FRAMES_AT_ONCE = 500;

/**
 * Writes the recording `wav`, of ours, as Ogg Opus to `path`, encrypted with a seal. The file is there only when it is whole and on
 * the disk. Holds ten seconds of it in memory, and blocks the thread meanwhile.
 *
 * @throws Error when it cannot be read or written; what was begun is at `<path>.part`.
 */
export async function convertToOgg(wav: RecordingFile, path: string, seal: Seal | undefined): Promise<void> {
  const part = `${path}.part`;
  const fd = openSync(part, 'w', 0o640);
  try {
    const write = (bytes: Buffer): void => {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    };
    const sealed = seal && new SealedWriter(seal, write);
    const writer = new OggOpusWriter(randomBytes(4).readUInt32LE(), (page) => (sealed ? sealed.add(page) : write(page)));
    const samples = await encode(wav, writer);
    writer.finish(samples);
    sealed?.finish();
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, path);
  syncDirectory(dirname(path));
}

/** Returns how many samples of each side there were. */
async function encode(wav: RecordingFile, writer: OggOpusWriter): Promise<number> {
  const encoder = new opus.OpusEncoder(OPUS_RATE_HZ, OPUS_CHANNELS);
  encoder.setBitrate(BITRATE_BPS);
  const samples = Math.floor((wav.sizeBytes - WAV_HEADER_BYTES) / (OPUS_CHANNELS * 2));
  // What the encoder still holds at the end is got out of it by silence.
  const frames = Math.ceil((samples + PRE_SKIP_SAMPLES) / OPUS_FRAME_SAMPLES);
  for (let from = 0; from < frames; from += FRAMES_AT_ONCE) {
    const count = Math.min(FRAMES_AT_ONCE, frames - from);
    const pcm = Buffer.alloc(count * FRAME_BYTES);
    await wav.read(pcm, WAV_HEADER_BYTES + from * FRAME_BYTES);
    for (let i = 0; i < count; i += 1) writer.add(encoder.encode(pcm.subarray(i * FRAME_BYTES, (i + 1) * FRAME_BYTES)));
  }
  return samples;
}

/** The new name, too, has to outlast a power cut. */
function syncDirectory(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
