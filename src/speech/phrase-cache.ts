import { createHash } from 'node:crypto';
import type { Logger } from '../core/log.js';
import type { SpeechChunk, SynthesisRequest, TextToSpeech } from '../domain/ports/speech.js';
import { PhraseStore } from './phrase-store.js';

export type PhraseCacheOptions = {
  /** Where phrases outlive the process, shared by all providers; absent keeps them in memory only. */
  directory?: string | undefined;
  /** What distinguishes two synthesisers of the same name, such as their model and default voice. */
  variant?: string | undefined;
  memoryLimitBytes?: number;
  diskLimitBytes?: number;
  log: Logger;
};

type Phrase = { key: string; pcm: Int16Array; rateHz: number };

const MEMORY_LIMIT_BYTES = 32 * 1024 * 1024;
const DISK_LIMIT_BYTES = 128 * 1024 * 1024;
/** A phrase that would push out an eighth of the others is not worth it. */
const LARGEST_SHARE = 8;
/** Phrases are handed out in pieces of this length, so that a consumer can stop between them. */
const CHUNK_MS = 500;

/**
 * Speaks what was spoken before without synthesising it again, so that a greeting is heard at once.
 *
 * Only what was synthesised to its end is kept: the least recently used phrases give way. To disk go phrases that were
 * prepared or asked for twice; one said once may hold a caller's name, and that does not outlive the process.
 */
export class PhraseCache implements TextToSpeech {
  readonly name: string;
  readonly #inner: TextToSpeech;
  readonly #variant: string;
  readonly #limitBytes: number;
  readonly #store: PhraseStore | undefined;
  /** Least recently used first. */
  readonly #phrases = new Map<string, Phrase>();
  #bytes = 0;

  constructor(inner: TextToSpeech, options: PhraseCacheOptions) {
    this.name = inner.name;
    this.#inner = inner;
    this.#variant = options.variant ?? '';
    this.#limitBytes = options.memoryLimitBytes ?? MEMORY_LIMIT_BYTES;
    if (options.directory !== undefined) {
      this.#store = new PhraseStore(options.directory, options.diskLimitBytes ?? DISK_LIMIT_BYTES, options.log);
    }
  }

  connect(): void {
    this.#inner.connect?.();
  }

  async *synthesize(request: SynthesisRequest): AsyncGenerator<SpeechChunk> {
    if (request.signal.aborted) return;
    const key = this.#keyOf(request);
    const known = this.#phrases.get(key) ?? (await this.#load(key));
    if (known) {
      this.#touch(known);
      this.#store?.save(key, known);
      yield* piecesOf(known, request.signal);
      return;
    }
    const chunks: SpeechChunk[] = [];
    for await (const chunk of this.#inner.synthesize(request)) {
      // The consumer may keep or change what it is given; the cache keeps its own.
      chunks.push({ pcm: chunk.pcm.slice(), rateHz: chunk.rateHz });
      yield chunk;
    }
    if (!request.signal.aborted) this.#remember(key, chunks);
  }

  /** Synthesises the phrase unless it is known, and keeps it on disk. @throws AppError `provider_failed` */
  async prepare(request: SynthesisRequest): Promise<void> {
    for await (const _ of this.synthesize(request)) {
      // The audio is wanted in the cache, not here.
    }
    const key = this.#keyOf(request);
    const phrase = this.#phrases.get(key);
    if (phrase) this.#store?.save(key, phrase);
  }

  /** Resolves when what is being written is on disk. */
  async close(): Promise<void> {
    await this.#store?.close();
    this.#phrases.clear();
    this.#bytes = 0;
  }

  async #load(key: string): Promise<Phrase | undefined> {
    const stored = await this.#store?.load(key);
    return stored && { key, ...stored };
  }

  #remember(key: string, chunks: readonly SpeechChunk[]): void {
    const rateHz = chunks[0]?.rateHz;
    if (rateHz === undefined || chunks.some((chunk) => chunk.rateHz !== rateHz)) return;
    const pcm = new Int16Array(chunks.reduce((total, chunk) => total + chunk.pcm.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      pcm.set(chunk.pcm, offset);
      offset += chunk.pcm.length;
    }
    this.#touch({ key, pcm, rateHz });
  }

  /** Makes the phrase the most recently used one, at the expense of the oldest. */
  #touch(phrase: Phrase): void {
    if (phrase.pcm.byteLength > this.#limitBytes / LARGEST_SHARE) return;
    const before = this.#phrases.get(phrase.key);
    if (before) this.#bytes -= before.pcm.byteLength;
    this.#phrases.delete(phrase.key);
    this.#phrases.set(phrase.key, phrase);
    this.#bytes += phrase.pcm.byteLength;
    for (const [key, oldest] of this.#phrases) {
      if (this.#bytes <= this.#limitBytes) break;
      this.#phrases.delete(key);
      this.#bytes -= oldest.pcm.byteLength;
    }
  }

  #keyOf({ text, language, voiceSettings }: SynthesisRequest): string {
    const settings = Object.entries(voiceSettings).sort(([a], [b]) => (a < b ? -1 : 1));
    const identity = JSON.stringify([this.name, this.#variant, language, settings, text]);
    return createHash('sha256').update(identity).digest('hex');
  }
}

function* piecesOf({ pcm, rateHz }: Phrase, signal: AbortSignal): Generator<SpeechChunk> {
  const samples = (rateHz * CHUNK_MS) / 1000;
  for (let from = 0; from < pcm.length && !signal.aborted; from += samples)
    yield { pcm: pcm.slice(from, from + samples), rateHz };
}
