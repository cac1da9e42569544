import { mkdir, readdir, readFile, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Logger } from '../core/log.js';

export type StoredPhrase = { pcm: Int16Array; rateHz: number };

/** File: magic, rate in Hz, count of samples, CRC-32 of the samples (each 4 bytes, little-endian), then 16-bit samples. */
const MAGIC = 'OHP1';
const HEADER_BYTES = 16;
const SUFFIX = '.phrase';
const RATES_HZ = [8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

/**
 * Synthesised phrases as files named by their key. Writes go through a temporary name, so a file is whole or absent; one
 * that is not as it should be is removed and synthesised anew. Nothing that happens to the disk fails a call.
 */
export class PhraseStore {
  readonly #directory: string;
  readonly #limitBytes: number;
  readonly #log: Logger;
  /** Size of each file, least recently used first. */
  readonly #files = new Map<string, number>();
  readonly #opened: Promise<void>;
  /** One write after the other. */
  #writes: Promise<void> = Promise.resolve();
  #serial = 0;

  constructor(directory: string, limitBytes: number, log: Logger) {
    this.#directory = directory;
    this.#limitBytes = limitBytes;
    this.#log = log;
    this.#opened = this.#open();
  }

  async load(key: string): Promise<StoredPhrase | undefined> {
    await this.#opened;
    if (!this.#files.has(key)) return undefined;
    const path = this.#pathOf(key);
    try {
      const phrase = parse(await readFile(path));
      if (!phrase) throw new Error('not a phrase file');
      this.#used(key, this.#files.get(key) ?? 0);
      const now = new Date();
      await utimes(path, now, now);
      return phrase;
    } catch (error) {
      this.#log.warn({ err: error }, 'cached phrase discarded');
      this.#files.delete(key);
      await unlink(path).catch(() => {});
      return undefined;
    }
  }

  /** Writes the phrase in the background, once. */
  save(key: string, phrase: StoredPhrase): void {
    if (this.#files.has(key)) return;
    this.#writes = this.#writes.then(() => this.#write(key, phrase));
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#opened;
    await this.#writes;
  }

  async #open(): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      const found: { key: string; bytes: number; usedAtMs: number }[] = [];
      for (const name of await readdir(this.#directory)) {
        const path = join(this.#directory, name);
        // Left by a process that died while writing.
        if (name.endsWith('.tmp')) await rm(path, { force: true });
        if (!name.endsWith(SUFFIX)) continue;
        const { size, mtimeMs } = await stat(path);
        found.push({ key: name.slice(0, -SUFFIX.length), bytes: size, usedAtMs: mtimeMs });
      }
      for (const { key, bytes } of found.sort((a, b) => a.usedAtMs - b.usedAtMs)) this.#files.set(key, bytes);
    } catch (error) {
      this.#log.warn({ err: error }, 'phrase cache unreadable');
    }
  }

  async #write(key: string, { pcm, rateHz }: StoredPhrase): Promise<void> {
    await this.#opened;
    const bytes = HEADER_BYTES + pcm.byteLength;
    if (this.#files.has(key) || bytes > this.#limitBytes) return;
    const temporary = join(this.#directory, `${process.pid}-${this.#serial++}.tmp`);
    try {
      await writeFile(temporary, serialise(pcm, rateHz));
      await rename(temporary, this.#pathOf(key));
      this.#used(key, bytes);
      await this.#evict();
    } catch (error) {
      this.#log.warn({ err: error }, 'phrase not cached');
      await rm(temporary, { force: true }).catch(() => {});
    }
  }

  async #evict(): Promise<void> {
    let total = [...this.#files.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const [key, bytes] of this.#files) {
      if (total <= this.#limitBytes) break;
      this.#files.delete(key);
      total -= bytes;
      await rm(this.#pathOf(key), { force: true });
    }
  }

  #used(key: string, bytes: number): void {
    this.#files.delete(key);
    this.#files.set(key, bytes);
  }

  #pathOf(key: string): string {
    return join(this.#directory, key + SUFFIX);
  }
}

function serialise(pcm: Int16Array, rateHz: number): Buffer {
  const samples = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(rateHz, 4);
  header.writeUInt32LE(pcm.length, 8);
  header.writeUInt32LE(crc32(samples), 12);
  return Buffer.concat([header, samples]);
}

function parse(file: Buffer): StoredPhrase | undefined {
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== MAGIC) return undefined;
  const rateHz = file.readUInt32LE(4);
  const samples = file.subarray(HEADER_BYTES);
  const intact =
    RATES_HZ.includes(rateHz) && samples.length === file.readUInt32LE(8) * 2 && crc32(samples) === file.readUInt32LE(12);
  if (!intact) return undefined;
  // Copied, because samples must lie on an even address.
  return { pcm: new Int16Array(new Uint8Array(samples).buffer), rateHz };
}
