import { AppError } from '../core/errors.js';
import type { RecordingFile } from '../core/recording-file.js';
import { AUDIO_RATE_HZ } from '../domain/ports/media.js';
import { OggPcm } from './ogg-pcm.js';
import { FRAME_MS } from './speech-segments.js';

/** Chunks before the audio end well within this. */
const SEARCHED_BYTES = 4096;
const CHANNELS = 2;
const SAMPLE_BYTES = 2;
const STEREO_BYTES = CHANNELS * SAMPLE_BYTES;
const FRAME_SAMPLES = (AUDIO_RATE_HZ * FRAME_MS) / 1000;
/** A second at a time: the event loop gets its turn between two. */
const BLOCK_FRAMES = 1000 / FRAME_MS;

/** 0: the caller; 1: the agent. */
export type Channel = 0 | 1;

/** A recording of ours, read piece by piece: two hours of it are half a gigabyte. Whoever opened it closes it. */
export class StereoRecording {
  readonly #file: RecordingFile;
  readonly #dataAt: number;
  /** Whole frames of 20 ms. */
  readonly frames: number;

  private constructor(file: RecordingFile, dataAt: number, dataBytes: number) {
    this.#file = file;
    this.#dataAt = dataAt;
    this.frames = Math.floor(dataBytes / (FRAME_SAMPLES * STEREO_BYTES));
  }

  /** Takes the file over. @throws AppError `recording_not_found` when it is no stereo WAV of 16 kHz, nor Ogg made of one. */
  static async open(recorded: RecordingFile): Promise<StereoRecording> {
    const file = recorded.format === 'ogg' ? await OggPcm.open(recorded) : recorded;
    try {
      const head = Buffer.alloc(Math.min(file.sizeBytes, SEARCHED_BYTES));
      await file.read(head, 0);
      const { dataAt, dataBytes } = layoutOf(head);
      return new StereoRecording(file, dataAt, Math.min(dataBytes, file.sizeBytes - dataAt));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get durationMs(): number {
    return this.frames * FRAME_MS;
  }

  /** Of each channel the level of each frame in dB below full scale; -Infinity is digital silence. */
  async levels(): Promise<[Float32Array, Float32Array]> {
    const levels: [Float32Array, Float32Array] = [new Float32Array(this.frames), new Float32Array(this.frames)];
    for (let from = 0; from < this.frames; from += BLOCK_FRAMES) {
      const to = Math.min(this.frames, from + BLOCK_FRAMES);
      const stereo = await this.#read(from, to);
      for (let frame = from; frame < to; frame += 1) {
        const at = (frame - from) * FRAME_SAMPLES * CHANNELS;
        for (const channel of [0, 1] as const) levels[channel][frame] = levelDbfs(stereo, at + channel);
      }
    }
    return levels;
  }

  /** The loudest sample of each of `buckets` equal parts of each channel, 0 … 1. There are no more parts than frames of 20 ms. */
  async peaks(buckets: number): Promise<[number[], number[]]> {
    const count = Math.min(buckets, this.frames);
    const silent = (): number[] => Array.from({ length: count }, () => 0);
    const peaks: [number[], number[]] = [silent(), silent()];
    for (let from = 0; from < this.frames; from += BLOCK_FRAMES) {
      const to = Math.min(this.frames, from + BLOCK_FRAMES);
      const stereo = await this.#read(from, to);
      for (let frame = from; frame < to; frame += 1) {
        const bucket = Math.floor((frame * count) / this.frames);
        const at = (frame - from) * FRAME_SAMPLES * CHANNELS;
        for (const channel of [0, 1] as const) {
          peaks[channel][bucket] = Math.max(peaks[channel][bucket] ?? 0, peakOf(stereo, at + channel));
        }
      }
    }
    return peaks;
  }

  async samples(channel: Channel, from: number, to: number): Promise<Int16Array> {
    const stereo = await this.#read(from, to);
    return new Int16Array(stereo.length / CHANNELS).map((_, i) => stereo[i * CHANNELS + channel] ?? 0);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(from: number, to: number): Promise<Int16Array> {
    const bytes = Buffer.alloc((to - from) * FRAME_SAMPLES * STEREO_BYTES);
    await this.#file.read(bytes, this.#dataAt + from * FRAME_SAMPLES * STEREO_BYTES);
    return new Int16Array(bytes.length / SAMPLE_BYTES).map((_, i) => bytes.readInt16LE(i * SAMPLE_BYTES));
  }
}

/** Of every second sample from `at` on, one frame long. */
function levelDbfs(stereo: Int16Array, at: number): number {
  let energy = 0;
  for (let i = at; i < at + FRAME_SAMPLES * CHANNELS; i += CHANNELS) energy += (stereo[i] ?? 0) ** 2;
  return 10 * Math.log10(energy / FRAME_SAMPLES / 32_768 ** 2);
}

/** As `levelDbfs`. */
function peakOf(stereo: Int16Array, at: number): number {
  let peak = 0;
  for (let i = at; i < at + FRAME_SAMPLES * CHANNELS; i += CHANNELS) peak = Math.max(peak, Math.abs(stereo[i] ?? 0));
  return peak / 32_768;
}

function layoutOf(head: Buffer): { dataAt: number; dataBytes: number } {
  const tag = (at: number): string => head.toString('latin1', at, at + 4);
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw unreadable('no WAV file');
  for (let at = 12; at + 8 <= head.length; ) {
    const length = head.readUInt32LE(at + 4);
    if (tag(at) === 'data') return { dataAt: at + 8, dataBytes: length };
    if (tag(at) === 'fmt ' && at + 24 <= head.length) {
      const isOurs = head.readUInt16LE(at + 10) === CHANNELS && head.readUInt32LE(at + 12) === AUDIO_RATE_HZ;
      if (!isOurs || head.readUInt16LE(at + 22) !== SAMPLE_BYTES * 8) throw unreadable('not stereo, 16 kHz, 16 bits');
    }
    // Chunks are padded to even lengths.
    at += 8 + length + (length % 2);
  }
  throw unreadable('no audio chunk');
}

const unreadable = (why: string): AppError =>
  new AppError('recording_not_found', `recording cannot be read: ${why}`, { publicMessage: 'The recording cannot be read' });
