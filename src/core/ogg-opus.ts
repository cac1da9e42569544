import { MOST_SEGMENTS, oggPage, segmentsOf } from './ogg.js';

/** Opus in Ogg (RFC 7845), stereo, encoded from 16 kHz in packets of 20 ms. */
export const OPUS_RATE_HZ = 16_000;
export const OPUS_CHANNELS = 2;
export const OPUS_FRAME_SAMPLES = 320;
/** Positions in the file count at 48 kHz, whatever was encoded. */
export const GRANULES_PER_SAMPLE = 3;
/** What libopus delays, at 16 kHz (6.5 ms): a player leaves it out at the begin. */
export const PRE_SKIP_SAMPLES = 104;
/** A second: what a player reads before it can begin anywhere. */
const PACKETS_PER_PAGE = 50;

const VENDOR = 'Offhook';

/** Puts packets into pages and hands those to `write`, in order. `finish` ends the stream; nothing may come after. */
export class OggOpusWriter {
  readonly #write: (page: Buffer) => void;
  readonly #serial: number;
  #sequence = 0;
  #waiting: Buffer[] = [];
  #segments = 0;
  #samples = 0;

  /** `serial`: any number, another for each stream. */
  constructor(serial: number, write: (page: Buffer) => void) {
    this.#serial = serial;
    this.#write = write;
    this.#page([opusHead()], 0, false);
    this.#page([opusTags()], 0, false);
  }

  add(packet: Buffer): void {
    const segments = segmentsOf(packet);
    // The newest always waits: the last page must not be empty.
    if (this.#waiting.length === PACKETS_PER_PAGE || this.#segments + segments > MOST_SEGMENTS) {
      this.#flush(this.#samples * GRANULES_PER_SAMPLE, false);
    }
    this.#waiting.push(packet);
    this.#segments += segments;
    this.#samples += OPUS_FRAME_SAMPLES;
  }

  /** `samples`: how many of those that were encoded, at 16 kHz, are to be played. */
  finish(samples: number): void {
    this.#flush((PRE_SKIP_SAMPLES + samples) * GRANULES_PER_SAMPLE, true);
  }

  #flush(granule: number, last: boolean): void {
    this.#page(this.#waiting, granule, last);
    this.#waiting = [];
    this.#segments = 0;
  }

  #page(packets: readonly Buffer[], granule: number, last: boolean): void {
    const sequence = this.#sequence;
    this.#sequence += 1;
    this.#write(oggPage({ serial: this.#serial, sequence, granule, first: sequence === 0, last }, packets));
  }
}

/** RFC 7845 section 5.1: version 1, no gain, channel mapping 0. */
function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(OPUS_CHANNELS, 9);
  head.writeUInt16LE(PRE_SKIP_SAMPLES * GRANULES_PER_SAMPLE, 10);
  head.writeUInt32LE(OPUS_RATE_HZ, 12);
  return head;
}

/** Section 5.2, without comments. */
function opusTags(): Buffer {
  const tags = Buffer.alloc(16 + VENDOR.length);
  tags.write('OpusTags', 0, 'latin1');
  tags.writeUInt32LE(VENDOR.length, 8);
  tags.write(VENDOR, 12, 'latin1');
  return tags;
}
