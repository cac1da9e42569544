/** Ogg pages (RFC 3533 section 6). */
const HEADER_BYTES = 27;
const CRC_AT = 22;
const FULL_SEGMENT = 255;
export const MOST_SEGMENTS = 255;
/** The longest header with its table of segments. */
export const MOST_HEADER_BYTES = HEADER_BYTES + MOST_SEGMENTS;

const FIRST = 2;
const LAST = 4;

/** CRC-32 by the polynomial of Ethernet, not reflected, from 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

export type OggPage = {
  serial: number;
  sequence: number;
  /** Of the last packet that ends here; of Opus, samples at 48 kHz. */
  granule: number;
  first: boolean;
  last: boolean;
};

/** How many segments a packet takes: its length in 255s, and the rest, be it nothing. */
export const segmentsOf = (packet: Buffer): number => Math.floor(packet.length / FULL_SEGMENT) + 1;

/** @throws RangeError when the packets take more than `MOST_SEGMENTS` segments. */
export function oggPage({ serial, sequence, granule, first, last }: OggPage, packets: readonly Buffer[]): Buffer {
  const segments = packets.flatMap((packet) => [
    ...Array.from({ length: segmentsOf(packet) - 1 }, () => FULL_SEGMENT),
    packet.length % FULL_SEGMENT,
  ]);
  if (segments.length > MOST_SEGMENTS) throw new RangeError('too much for one page');
  const header = Buffer.alloc(HEADER_BYTES + segments.length);
  header.write('OggS', 0, 'latin1');
  header.writeUInt8((first ? FIRST : 0) | (last ? LAST : 0), 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(segments.length, 26);
  header.set(segments, HEADER_BYTES);
  const page = Buffer.concat([header, ...packets]);
  page.writeUInt32LE(crcOf(page), CRC_AT);
  return page;
}

/** What a page says of itself at the begin of `head`: how long it is, and the lengths of the packets in it. Undefined where none is. */
export function readOggHeader(
  head: Buffer,
): { granule: number; headerBytes: number; packetBytes: number[]; bytes: number } | undefined {
  if (head.length < HEADER_BYTES || head.toString('latin1', 0, 4) !== 'OggS') return undefined;
  const count = head.readUInt8(26);
  if (head.length < HEADER_BYTES + count) return undefined;
  const packetBytes: number[] = [];
  let size = 0;
  for (const segment of head.subarray(HEADER_BYTES, HEADER_BYTES + count)) {
    size += segment;
    if (segment === FULL_SEGMENT) continue;
    packetBytes.push(size);
    size = 0;
  }
  const headerBytes = HEADER_BYTES + count;
  const bytes = packetBytes.reduce((sum, length) => sum + length, headerBytes + size);
  return { granule: Number(head.readBigInt64LE(6)), headerBytes, packetBytes, bytes };
}

function crcOf(page: Buffer): number {
  let crc = 0;
  for (const byte of page) crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 255] ?? 0)) >>> 0;
  return crc;
}
