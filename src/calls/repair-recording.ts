import { type FileHandle, open } from 'node:fs/promises';
import { WAV_HEADER_BYTES, wavHeader } from '../core/wav-header.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';

const CHANNELS = 2;
const SAMPLE_BYTES = 2;
/** Chunks before the audio end well within this. */
const SEARCHED_BYTES = 4096;
const MAX_UINT32 = 0xffff_ffff;

/**
 * Makes the WAV header tell the file's true length, as a recorder that was killed could not; a file killed before its
 * header was whole becomes a valid recording of nothing. Returns the milliseconds of audio in it.
 *
 * @throws Error when the file is no WAV, which is left as it was.
 */
export async function repairRecording(path: string): Promise<number> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, SEARCHED_BYTES));
    await file.read(head, 0, head.length, 0);
    if (size < WAV_HEADER_BYTES) return await writeEmpty(file, head);
    const { dataAt, frameBytes, bytesPerSecond } = layoutOf(head);
    const dataBytes = Math.min(MAX_UINT32 - dataAt, Math.floor((size - dataAt) / frameBytes) * frameBytes);
    // Half a frame at the end would shift the channels for whoever appends or streams.
    await file.truncate(dataAt + dataBytes);
    await writeUint32(file, 4, dataAt + dataBytes - 8);
    await writeUint32(file, dataAt - 4, dataBytes);
    return Math.floor((dataBytes * 1000) / bytesPerSecond);
  } finally {
    await file.close();
  }
}

type Layout = { dataAt: number; frameBytes: number; bytesPerSecond: number };

function layoutOf(head: Buffer): Layout {
  if (head.toString('latin1', 0, 4) !== 'RIFF' || head.toString('latin1', 8, 12) !== 'WAVE') throw new Error('not a WAV file');
  let frameBytes = CHANNELS * SAMPLE_BYTES;
  let bytesPerSecond = AUDIO_RATE_HZ * frameBytes;
  for (let at = 12; at + 8 <= head.length; ) {
    const id = head.toString('latin1', at, at + 4);
    const length = head.readUInt32LE(at + 4);
    if (id === 'data') return { dataAt: at + 8, frameBytes, bytesPerSecond };
    if (id === 'fmt ' && at + 24 <= head.length) {
      bytesPerSecond = head.readUInt32LE(at + 16) || bytesPerSecond;
      frameBytes = head.readUInt16LE(at + 20) || frameBytes;
    }
    // Chunks are padded to even lengths.
    at += 8 + length + (length % 2);
  }
  throw new Error('no audio chunk in the WAV file');
}

async function writeEmpty(file: FileHandle, head: Buffer): Promise<number> {
  const start = Buffer.from('RIFF');
  if (!start.subarray(0, head.length).equals(head.subarray(0, 4))) throw new Error('not a WAV file');
  await file.write(wavHeader(0, AUDIO_RATE_HZ, CHANNELS), 0, WAV_HEADER_BYTES, 0);
  return 0;
}

async function writeUint32(file: FileHandle, at: number, value: number): Promise<void> {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  await file.write(bytes, 0, 4, at);
}
