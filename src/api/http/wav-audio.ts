import { AppError } from '../../core/errors.js';

/** 16-bit mono. */
export type WavAudio = { pcm: Int16Array; rateHz: number };

/** What the playout queue takes. */
export const WAV_RATES_HZ: readonly number[] = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
export const WAV_MAX_SECONDS = 120;
/** Two minutes of stereo at 24 kHz, with room for a header; longer audio fits at a lower rate. */
export const WAV_LIMIT_BYTES = 12 * 1024 * 1024;

const PCM = 1;
const EXTENSIBLE = 0xfffe;
/** What writers that cannot seek put for a length they do not know yet. */
const UNKNOWN_LENGTH = 0xffff_ffff;

/**
 * Reads a RIFF/WAVE file of 16-bit PCM; the channels of a stereo file are mixed.
 *
 * @throws AppError `invalid_request` that names `field`.
 */
export function readWav(file: Buffer, field: string, maxSeconds = WAV_MAX_SECONDS): WavAudio {
  const fail = (message: string): never => {
    throw new AppError('invalid_request', `${field} ${message}`, { faults: [{ field, message }] });
  };
  const { format, data } = chunksOf(file) ?? fail('is no WAV file');
  if (!format || format.length < 16) return fail('has no format chunk');
  const encoding = format.readUInt16LE(0);
  const isPcm = encoding === PCM || (encoding === EXTENSIBLE && format.length >= 26 && format.readUInt16LE(24) === PCM);
  if (!isPcm || format.readUInt16LE(14) !== 16) return fail('must be 16-bit PCM');
  const channels = format.readUInt16LE(2);
  if (channels !== 1 && channels !== 2) return fail('must have one or two channels');
  const rateHz = format.readUInt32LE(4);
  if (!WAV_RATES_HZ.includes(rateHz)) return fail(`must have one of ${WAV_RATES_HZ.join(', ')} samples a second`);
  if (data === 'cut off') return fail('is shorter than its header says');
  const frames = Math.floor((data?.length ?? 0) / (2 * channels));
  if (!data || frames === 0) return fail('has no audio');
  if (frames > maxSeconds * rateHz) return fail(`must not be longer than ${maxSeconds} seconds`);
  return { pcm: channels === 1 ? mono(data, frames) : mixed(data, frames), rateHz };
}

type Chunks = { format: Buffer | undefined; data: Buffer | 'cut off' | undefined };

/** Undefined for what is no RIFF/WAVE file. */
function chunksOf(file: Buffer): Chunks | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  const chunks: Chunks = { format: undefined, data: undefined };
  for (let at = 12; at + 8 <= file.length && chunks.data === undefined; ) {
    const id = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const content = file.subarray(at + 8, at + 8 + length);
    if (id === 'fmt ') chunks.format = content;
    if (id === 'data') chunks.data = content.length < length && length !== UNKNOWN_LENGTH ? 'cut off' : content;
    // Chunks are padded to even lengths.
    at += 8 + length + (length % 2);
  }
  return chunks;
}

const mono = (data: Buffer, frames: number): Int16Array => Int16Array.from({ length: frames }, (_, i) => data.readInt16LE(i * 2));

const mixed = (data: Buffer, frames: number): Int16Array =>
  Int16Array.from({ length: frames }, (_, i) => (data.readInt16LE(i * 4) + data.readInt16LE(i * 4 + 2)) >> 1);
