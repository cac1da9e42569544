import opus from '@discordjs/opus';
import { MOST_HEADER_BYTES, readOggHeader } from '../core/ogg.js';
import { GRANULES_PER_SAMPLE, OPUS_CHANNELS, OPUS_FRAME_SAMPLES, OPUS_RATE_HZ, PRE_SKIP_SAMPLES } from '../core/ogg-opus.js';
import type { RecordingFile } from '../core/recording-file.js';
import { WAV_HEADER_BYTES, wavHeader } from '../core/wav-header.js';

const STEREO_BYTES = OPUS_CHANNELS * 2;
/** The two pages before the audio describe it. */
const HEAD_PAGES = 2;

type Page = { at: number; bytes: number; firstSample: number };

/** An Ogg Opus recording of ours as the WAV that it was made from, as far as Opus keeps that. Decodes the second that is read, and keeps that one. */
export class OggPcm implements RecordingFile {
  readonly format = 'wav';
  readonly #file: RecordingFile;
  readonly #pages: readonly Page[];
  readonly #samples: number;
  readonly #header: Buffer;
  #decoder = newDecoder();
  /** Which page was decoded last, and what is in it. */
  #page = -1;
  #pcm: Buffer = Buffer.alloc(0);

  private constructor(file: RecordingFile, pages: readonly Page[], samples: number) {
    this.#file = file;
    this.#pages = pages;
    this.#samples = samples;
    this.#header = wavHeader(samples * STEREO_BYTES, OPUS_RATE_HZ, OPUS_CHANNELS);
  }

  /** Takes the file over. What is no Ogg is a recording of nothing. */
  static async open(file: RecordingFile): Promise<OggPcm> {
    const pages: Page[] = [];
    let samples = 0;
    const head = Buffer.alloc(MOST_HEADER_BYTES);
    for (let at = 0, index = 0; at < file.sizeBytes; index += 1) {
      const page = readOggHeader(head.subarray(0, await file.read(head, at)));
      if (!page) break;
      if (index >= HEAD_PAGES) {
        pages.push({ at, bytes: page.bytes, firstSample: pages.length === 0 ? -PRE_SKIP_SAMPLES : samples });
        samples = page.granule / GRANULES_PER_SAMPLE - PRE_SKIP_SAMPLES;
      }
      at += page.bytes;
    }
    return new OggPcm(file, pages, Math.max(0, samples));
  }

  get sizeBytes(): number {
    return WAV_HEADER_BYTES + this.#samples * STEREO_BYTES;
  }

  async read(into: Buffer, position: number): Promise<number> {
    const wanted = into.subarray(0, Math.max(0, this.sizeBytes - position));
    let done = position < WAV_HEADER_BYTES ? this.#header.copy(wanted, 0, position) : 0;
    while (done < wanted.length) {
      const at = position + done - WAV_HEADER_BYTES;
      const page = this.#pages.findLastIndex(({ firstSample }) => firstSample * STEREO_BYTES <= at);
      await this.#decode(page);
      const copied = this.#pcm.copy(wanted, done, at - (this.#pages[page]?.firstSample ?? 0) * STEREO_BYTES);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #decode(index: number): Promise<void> {
    if (index === this.#page) return;
    if (index !== this.#page + 1) {
      // A decoder that begins in the middle needs what came before, to be as far as one that did not.
      this.#decoder = newDecoder();
      if (index > 0) await this.#packets(index - 1);
    }
    this.#pcm = await this.#packets(index);
    this.#page = index;
  }

  async #packets(index: number): Promise<Buffer> {
    const { at, bytes } = this.#pages[index] ?? { at: 0, bytes: 0 };
    const page = Buffer.alloc(bytes);
    await this.#file.read(page, at);
    const { headerBytes: begin = 0, packetBytes = [] } = readOggHeader(page) ?? {};
    let from = begin;
    const decoded = packetBytes.map((length) => {
      const packet = page.subarray(from, from + length);
      from += length;
      return this.#samplesOf(packet);
    });
    return Buffer.concat(decoded);
  }

  /** What was changed on disk is silence, as it is in other recordings. */
  #samplesOf(packet: Buffer): Buffer {
    try {
      return this.#decoder.decode(packet);
    } catch {
      return Buffer.alloc(OPUS_FRAME_SAMPLES * STEREO_BYTES);
    }
  }
}

const newDecoder = (): opus.OpusEncoder => new opus.OpusEncoder(OPUS_RATE_HZ, OPUS_CHANNELS);
