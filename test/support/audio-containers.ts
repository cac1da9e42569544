import opus from '@discordjs/opus';
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  Mp4OutputFormat,
  OggOutputFormat,
  Output,
  WebMOutputFormat,
} from 'mediabunny';
import { Mp4Writer } from '../../src/audio-files/mp4-writer.js';

const OPUS_RATE_HZ = 48_000;
const FRAME_SAMPLES = 960;
const FORMATS = { webm: WebMOutputFormat, mp4: Mp4OutputFormat, ogg: OggOutputFormat };

/** What a browser records: Opus, in the container it likes. `pcm`: mono at 48 kHz. */
export async function opusIn(container: keyof typeof FORMATS, pcm: Int16Array): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new FORMATS[container](), target });
  const source = new EncodedAudioPacketSource('opus');
  output.addAudioTrack(source);
  await output.start();
  const encoder = new opus.OpusEncoder(OPUS_RATE_HZ, 1);
  const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: OPUS_RATE_HZ, description: opusHead() };
  for (let at = 0; at + FRAME_SAMPLES <= pcm.length; at += FRAME_SAMPLES) {
    const frame = pcm.slice(at, at + FRAME_SAMPLES);
    const data = new Uint8Array(encoder.encode(Buffer.from(frame.buffer)));
    const seconds = FRAME_SAMPLES / OPUS_RATE_HZ;
    await source.add(new EncodedPacket(data, 'key', at / OPUS_RATE_HZ, seconds), at === 0 ? { decoderConfig } : undefined);
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

/** What Safari records. */
export async function aacInMp4(pcm: Int16Array, rateHz: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of new Mp4Writer().mp4(piecesOf(pcm), rateHz)) parts.push(part);
  return Buffer.concat(parts);
}

// biome-ignore lint/suspicious/useAwait: the interface is asynchronous
export async function* piecesOf(pcm: Int16Array): AsyncGenerator<Int16Array> {
  for (let at = 0; at < pcm.length; at += 4000) yield pcm.slice(at, at + 4000);
}

/** RFC 7845 section 5.1. */
function opusHead(): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(OPUS_RATE_HZ, 12);
  return new Uint8Array(head);
}
