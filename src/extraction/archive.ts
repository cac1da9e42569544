import { inflateRawSync } from 'node:zlib';

/** Of all files in an archive together, unpacked. */
const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;
const MAX_FILES = 5_000;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;

export class BadArchive extends Error {
  override readonly name = 'BadArchive';
}

/**
 * Unpacks each file of a ZIP (APPNOTE.TXT section 4.3) once and throws it away: what an archive says of its sizes may be a lie, and
 * whoever reads it next unpacks it whole.
 *
 * @throws BadArchive for one that is damaged, encrypted, or larger than any honest document.
 */
export function checkArchive(bytes: Buffer, maxUnpackedBytes = MAX_UNPACKED_BYTES): void {
  let left = maxUnpackedBytes;
  for (const { method, flags, start, end } of entriesOf(bytes)) {
    if ((flags & 1) !== 0) throw new BadArchive('encrypted');
    const packed = bytes.subarray(start, end);
    if (method === 0) left -= packed.length;
    else if (method === 8) left -= inflatedBytes(packed, left);
    else throw new BadArchive('unknown compression');
    if (left <= 0) throw new BadArchive('too large');
  }
}

function inflatedBytes(packed: Buffer, limit: number): number {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, limit) }).length;
  } catch (cause) {
    throw new BadArchive('too large or damaged', { cause });
  }
}

type Entry = { method: number; flags: number; start: number; end: number };

function entriesOf(bytes: Buffer): Entry[] {
  try {
    const at = bytes.lastIndexOf('PK\u0005\u0006', bytes.length - END_BYTES, 'latin1');
    if (at < bytes.length - END_BYTES - MAX_COMMENT_BYTES || at < 0) throw new BadArchive('no directory');
    const count = bytes.readUInt16LE(at + 10);
    if (count > MAX_FILES) throw new BadArchive('too many files');
    let directory = bytes.readUInt32LE(at + 16);
    return Array.from({ length: count }, () => {
      if (bytes.readUInt32LE(directory) !== 0x02014b50) throw new BadArchive('damaged directory');
      const local = bytes.readUInt32LE(directory + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const end = start + bytes.readUInt32LE(directory + 20);
      const entry = { flags: bytes.readUInt16LE(directory + 8), method: bytes.readUInt16LE(directory + 10), start, end };
      const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(directory + offset));
      directory += 46 + name! + extra! + comment!;
      return entry;
    });
  } catch (error) {
    throw error instanceof BadArchive ? error : new BadArchive('damaged', { cause: error });
  }
}
