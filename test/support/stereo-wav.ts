import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AUDIO_RATE_HZ } from '../../src/domain/ports/media.js';

const HEADER_BYTES = 44;

/** Writes what two sides said as a recording of ours: 16 kHz, caller left, agent right; the shorter side ends in silence. */
export function writeStereoWav(path: string, left: Int16Array, right: Int16Array): void {
  const frames = Math.max(left.length, right.length);
  const wav = Buffer.alloc(HEADER_BYTES + frames * 4);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(2, 22);
  wav.writeUInt32LE(AUDIO_RATE_HZ, 24);
  wav.writeUInt32LE(AUDIO_RATE_HZ * 4, 28);
  wav.writeUInt16LE(4, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(frames * 4, 40);
  for (let i = 0; i < frames; i += 1) {
    wav.writeInt16LE(left[i] ?? 0, HEADER_BYTES + 4 * i);
    wav.writeInt16LE(right[i] ?? 0, HEADER_BYTES + 4 * i + 2);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wav);
}
