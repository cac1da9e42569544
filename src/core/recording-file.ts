import { createDecipheriv } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { hasSeal, type RecordingKeys, SEAL_PREFIX_BYTES } from './recording-seal.js';
import { wavHeader } from './wav-header.js';

/** `wav` as it is recorded, `ogg` (Opus) when it was made smaller afterwards. */
export const RECORDING_FORMATS = ['wav', 'ogg'] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

export const RECORDING_TYPES = { wav: 'audio/wav', ogg: 'audio/ogg' } as const satisfies Record<RecordingFormat, string>;

/** A recording as a file of its format, encrypted on disk or not. Whoever opened it closes it. */
export interface RecordingFile {
  readonly format: RecordingFormat;
  readonly sizeBytes: number;
  /** Fills `into` from `position` on, as far as the file goes. Returns how many bytes that were. */
  read(into: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** As the native recorder writes them (`native/src/record/byte_file.h`). */
export const SEALED_BLOCK_BYTES = 4096;
export const SEALED_NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SLOT_BYTES = SEALED_NONCE_BYTES + SEALED_BLOCK_BYTES + TAG_BYTES;
const SAMPLE_BYTES = 2;

/** @throws Error with `code` `ENOENT` when there is none, and Error when it was sealed with a key that is not among `keys`. */
export async function openRecording(path: string, keys: RecordingKeys, tenant: string): Promise<RecordingFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const prefix = Buffer.alloc(Math.min(size, SEAL_PREFIX_BYTES));
    await file.read(prefix, 0, prefix.length, 0);
    const seal = keys.open(prefix, tenant);
    const format = path.endsWith('.ogg') ? 'ogg' : 'wav';
    return seal ? new SealedRecording(format, file, size, seal) : new PlainRecording(format, file, size);
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function isSealed(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(SEAL_PREFIX_BYTES);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    return hasSeal(head.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

class PlainRecording implements RecordingFile {
  readonly format: RecordingFormat;
  readonly #file: FileHandle;
  readonly sizeBytes: number;

  constructor(format: RecordingFormat, file: FileHandle, sizeBytes: number) {
    this.format = format;
    this.#file = file;
    this.sizeBytes = sizeBytes;
  }

  async read(into: Buffer, position: number): Promise<number> {
    return (await this.#file.read(into, 0, into.length, position)).bytesRead;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Content in blocks that are encrypted one by one; the header of a WAV is made from what is there, so that a killed server leaves none that lies. */
class SealedRecording implements RecordingFile {
  readonly format: RecordingFormat;
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #header: Buffer;
  readonly #contentBytes: number;

  constructor(
    format: RecordingFormat,
    file: FileHandle,
    sizeOnDisk: number,
    { key, rateHz, channels }: { key: Buffer; rateHz: number; channels: number },
  ) {
    this.format = format;
    this.#file = file;
    this.#key = key;
    const sealed = Math.max(0, sizeOnDisk - SEAL_PREFIX_BYTES);
    const last = Math.max(0, (sealed % SLOT_BYTES) - SEALED_NONCE_BYTES - TAG_BYTES);
    const content = Math.floor(sealed / SLOT_BYTES) * SEALED_BLOCK_BYTES + last;
    this.#contentBytes = format === 'wav' ? content - (content % (channels * SAMPLE_BYTES)) : content;
    this.#header = format === 'wav' ? wavHeader(this.#contentBytes, rateHz, channels) : Buffer.alloc(0);
  }

  get sizeBytes(): number {
    return this.#header.length + this.#contentBytes;
  }

  async read(into: Buffer, position: number): Promise<number> {
    const wanted = into.subarray(0, Math.max(0, this.sizeBytes - position));
    let done = position < this.#header.length ? this.#header.copy(wanted, 0, position) : 0;
    while (done < wanted.length) {
      const at = position + done - this.#header.length;
      const block = await this.#block(Math.floor(at / SEALED_BLOCK_BYTES));
      const copied = block.copy(wanted, done, at % SEALED_BLOCK_BYTES);
      if (copied === 0) break;
      done += copied;
    }
    return done;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #block(index: number): Promise<Buffer> {
    const slot = Buffer.alloc(SLOT_BYTES);
    const { bytesRead } = await this.#file.read(slot, 0, SLOT_BYTES, SEAL_PREFIX_BYTES + index * SLOT_BYTES);
    const sealed = slot.subarray(0, bytesRead);
    const content = sealed.subarray(SEALED_NONCE_BYTES, Math.max(SEALED_NONCE_BYTES, bytesRead - TAG_BYTES));
    // Never written: silence that nobody had to keep.
    if (sealed.every((byte) => byte === 0)) return content;
    const place = Buffer.alloc(8);
    place.writeBigUInt64LE(BigInt(index));
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, SEALED_NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(place).setAuthTag(sealed.subarray(SEALED_NONCE_BYTES + content.length));
    const opened = decipher.update(content);
    try {
      decipher.final();
      return opened;
    } catch {
      // Cut off in the middle of being written when the server was killed, or changed since: what cannot be vouched for is silence.
      return Buffer.alloc(content.length);
    }
  }
}
