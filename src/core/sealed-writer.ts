import { createCipheriv, randomBytes } from 'node:crypto';
import { SEALED_BLOCK_BYTES, SEALED_NONCE_BYTES } from './recording-file.js';
import type { Seal } from './recording-seal.js';

/** Writes a sealed file from begin to end, block by block as `openRecording` reads it. */
export class SealedWriter {
  readonly #key: Buffer;
  readonly #write: (bytes: Buffer) => void;
  #waiting: Buffer = Buffer.alloc(0);
  #blocks = 0;

  constructor({ prefix, key }: Seal, write: (bytes: Buffer) => void) {
    this.#key = key;
    this.#write = write;
    write(prefix);
  }

  add(bytes: Buffer): void {
    let all: Buffer = Buffer.concat([this.#waiting, bytes]);
    for (; all.length >= SEALED_BLOCK_BYTES; all = all.subarray(SEALED_BLOCK_BYTES)) {
      this.#block(all.subarray(0, SEALED_BLOCK_BYTES));
    }
    this.#waiting = all;
  }

  finish(): void {
    if (this.#waiting.length > 0) this.#block(this.#waiting);
  }

  /** Each under a nonce of its own, its place authenticated with it. */
  #block(content: Buffer): void {
    const place = Buffer.alloc(8);
    place.writeBigUInt64LE(BigInt(this.#blocks));
    this.#blocks += 1;
    const nonce = randomBytes(SEALED_NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(place);
    this.#write(Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]));
  }
}
