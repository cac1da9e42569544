import { resample } from '../core/resample.js';
import type { AudioReading } from '../domain/ports/audio-files.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { decodeByFfmpeg } from './ffmpeg.js';
import { opusPackets } from './opus-packets.js';

/** What was decoded: `samples` of 16 bits, or between -1 and 1. */
export type Decoded = { samples: Int16Array | Float32Array; rateHz: number };

/**
 * A whole file as 16 kHz mono. To be done where it may take its time, and break.
 *
 * @throws Error for what is no audio, or damaged beyond its first samples
 */
export async function decodeAudio(file: Uint8Array, maxSeconds: number): Promise<AudioReading> {
  const decoded = (await decodeOpus(file, maxSeconds)) ?? (await decodeByFfmpeg(file, maxSeconds));
  if (decoded === 'too_long') return { failure: 'too_long' };
  const { samples, rateHz } = decoded;
  if (samples.length === 0) return { failure: 'no_audio' };
  if (samples.length > maxSeconds * rateHz) return { failure: 'too_long' };
  return { pcm: resample(scaled(samples), rateHz, AUDIO_RATE_HZ), fileRateHz: rateHz };
}

/** Undefined where the file holds no Opus: the other decoder knows everything else. */
async function decodeOpus(file: Uint8Array, maxSeconds: number): Promise<Decoded | 'too_long' | undefined> {
  const packets = await opusPackets(file);
  if (!packets) return undefined;
  const { default: opus } = await import('@discordjs/opus');
  const decoder = new opus.OpusEncoder(AUDIO_RATE_HZ, 1);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const packet of packets) {
    const piece = decoder.decode(Buffer.from(packet));
    pieces.push(piece);
    bytes += piece.length;
    if (bytes > maxSeconds * AUDIO_RATE_HZ * 2) return 'too_long';
  }
  const pcm = Buffer.concat(pieces);
  return { samples: new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2), rateHz: AUDIO_RATE_HZ };
}

const scaled = (samples: Int16Array | Float32Array): Int16Array | Float32Array =>
  samples instanceof Float32Array ? samples.map((sample) => sample * 32_767) : samples;
