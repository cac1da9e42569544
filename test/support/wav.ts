import { readFileSync } from 'node:fs';

/** The two sides of a stereo 16-bit WAV file, read as its header says: throws when the header promises more than there is. */
export function readStereoWav(path: string): { sampleRateHz: number; left: Int16Array; right: Int16Array } {
  const file = readFileSync(path);
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 16) !== 'WAVEfmt ') throw new Error('no WAV file');
  if (file.readUInt16LE(20) !== 1 || file.readUInt16LE(22) !== 2 || file.readUInt16LE(34) !== 16)
    throw new Error('not 16-bit stereo');
  if (file.toString('latin1', 36, 40) !== 'data') throw new Error('no data chunk');
  const dataBytes = file.readUInt32LE(40);
  if (44 + dataBytes > file.length || file.readUInt32LE(4) !== 36 + dataBytes) throw new Error('sizes do not fit');
  const frames = dataBytes / 4;
  const left = new Int16Array(frames);
  const right = new Int16Array(frames);
  for (let i = 0; i < frames; i++) {
    left[i] = file.readInt16LE(44 + 4 * i);
    right[i] = file.readInt16LE(46 + 4 * i);
  }
  return { sampleRateHz: file.readUInt32LE(24), left, right };
}
