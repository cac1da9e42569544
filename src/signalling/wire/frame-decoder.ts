/** Far above any SIP message; beyond it the stream is not ours. */
export const MAX_FRAME_BYTES = 256 * 1024;
const MAX_LENGTH_DIGITS = 6;
const HASH = 0x23;

/** Cuts `LEN#payload` frames out of a byte stream; LEN counts bytes. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #available = 0;
  #expected: number | undefined;

  /** @throws Error when the stream holds no frame where one must begin; nothing after that can be understood. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#available += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      this.#expected ??= this.#takeLength();
      if (this.#expected === undefined || this.#available < this.#expected) return frames;
      frames.push(this.#take(this.#expected));
      this.#expected = undefined;
    }
  }

  #takeLength(): number | undefined {
    if (this.#available === 0) return undefined;
    const buffer = this.#flatten();
    const hash = buffer.subarray(0, MAX_LENGTH_DIGITS + 1).indexOf(HASH);
    if (hash < 0 && buffer.length <= MAX_LENGTH_DIGITS && /^\d+$/.test(buffer.toString('latin1'))) return undefined;
    const digits = buffer.toString('latin1', 0, Math.max(0, hash));
    const length = Number(digits);
    if (!/^\d+$/.test(digits) || length === 0 || length > MAX_FRAME_BYTES) throw new Error('invalid frame length');
    this.#take(hash + 1);
    return length;
  }

  #flatten(): Buffer {
    const [first] = this.#chunks;
    if (this.#chunks.length === 1 && first) return first;
    const flat = Buffer.concat(this.#chunks);
    this.#chunks = [flat];
    return flat;
  }

  #take(length: number): Buffer {
    const flat = this.#flatten();
    this.#chunks = flat.length === length ? [] : [flat.subarray(length)];
    this.#available -= length;
    return flat.subarray(0, length);
  }
}
