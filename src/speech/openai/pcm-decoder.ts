const RIFF = 0x46464952;
/** A header longer than this is no header. */
const MAX_HEADER_BYTES = 4_096;
const RATES_HZ = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/**
 * Little-endian 16-bit samples from bytes cut anywhere. Some servers put a WAV header first although raw samples were asked
 * for: it is taken off, and its rate believed.
 */
export class PcmDecoder {
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;
  #rateHz: number;

  constructor(rateHz: number) {
    this.#rateHz = rateHz;
  }

  /** Final once samples were returned. */
  get rateHz(): number {
    return this.#rateHz;
  }

  decode(bytes: Uint8Array): Int16Array {
    let data = this.#rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    if (!this.#begun) {
      const start = this.#startOf(data);
      if (start === undefined) {
        this.#rest = data;
        return new Int16Array(0);
      }
      this.#begun = true;
      data = data.subarray(start);
    }
    const samples = data.length >> 1;
    this.#rest = data.subarray(samples * 2);
    const pcm = new Int16Array(samples);
    for (let i = 0; i < samples; i++) pcm[i] = data.readInt16LE(i * 2);
    return pcm;
  }

  /** Where samples begin; undefined when more bytes are needed to know. */
  #startOf(data: Buffer): number | undefined {
    if (data.length < 4) return undefined;
    if (data.readUInt32LE(0) !== RIFF) return 0;
    let at = 12;
    while (at + 8 <= Math.min(data.length, MAX_HEADER_BYTES)) {
      const id = data.toString('latin1', at, at + 4);
      if (id === 'data') return at + 8;
      if (id === 'fmt ' && at + 16 <= data.length) {
        const rateHz = data.readUInt32LE(at + 12);
        if (RATES_HZ.includes(rateHz)) this.#rateHz = rateHz;
      }
      const sizeBytes = data.readUInt32LE(at + 4);
      at += 8 + sizeBytes + (sizeBytes & 1);
    }
    return data.length > MAX_HEADER_BYTES || at > MAX_HEADER_BYTES ? 0 : undefined;
  }
}

/** Compatible servers name raw samples in many ways, or not at all; what is certainly something else is refused, as it would be noise. */
export function mayBeSamples(contentType: string | null): boolean {
  if (contentType === null) return true;
  return /^(?:audio\/(?!mpeg|mp3|ogg|opus|aac|flac|webm|mp4)|application\/octet-stream|binary\/)/iu.test(contentType);
}
