import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import type { Chunk, Document } from '../domain/document.js';
import type { DocumentReader, DocumentRepository, Embedder, Vector } from '../domain/ports/documents.js';
import { DOCUMENTS_FOLDER } from './document-service.js';

export type DocumentProcessorDeps = {
  documents: DocumentRepository;
  reader: DocumentReader;
  /** Absent: documents are found by their words alone. */
  embedder: Embedder | undefined;
  dataDir: string;
  clock: Clock;
  log: Logger;
};

const ERROR_PAUSE_MS = 5_000;
/** Texts of one request to the provider. */
const EMBEDDED_AT_ONCE = 64;
const EMBEDDING_ATTEMPTS = 3;
const EMBEDDING_PAUSE_MS = 2_000;

/** Reads uploaded documents one after the other. One that the process died over is read again. */
export class DocumentProcessor {
  readonly #deps: DocumentProcessorDeps;
  readonly #lookout: Lookout;
  readonly #closing = new AbortController();

  constructor(deps: DocumentProcessorDeps) {
    this.#deps = deps;
    const onError = (error: unknown): number => {
      if (!this.#closing.signal.aborted) deps.log.error({ err: error }, 'documents not read');
      return ERROR_PAUSE_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#look(), onError, clock: deps.clock });
  }

  /** Goes on where an earlier process stopped, and removes what it wrote and did not come to note down. */
  async start(): Promise<void> {
    const { documents, dataDir } = this.#deps;
    const folder = join(dataDir, DOCUMENTS_FOLDER);
    for (const name of await readdir(folder).catch(() => [])) {
      if (!(await documents.hasFile(join(DOCUMENTS_FOLDER, name))))
        await rm(join(folder, name), { force: true, recursive: true });
    }
    this.wake();
  }

  wake(): void {
    this.#lookout.wake();
  }

  /** What is being read stays to be read by the next process. */
  async close(): Promise<void> {
    this.#closing.abort(new AppError('draining', 'the server stops'));
    await this.#lookout.close();
  }

  async #look(): Promise<number> {
    const { documents, log } = this.#deps;
    const document = await documents.nextToRead();
    if (!document || this.#lookout.closed) return LONGEST_WAIT_MS;
    const { id: documentId, tenantId, type, sizeBytes } = document;
    const settled = await this.#read(document);
    const { state, failure, chunks, pages, embeddedBy } = settled;
    log.info({ documentId, tenantId, type, sizeBytes, state, failure, chunks, pages, embeddedBy }, 'document read');
    return 0;
  }

  async #read(document: Document): Promise<Document> {
    const { documents, reader, embedder, dataDir, clock } = this.#deps;
    const reading = await reader.read(join(dataDir, document.path), document.type, this.#closing.signal);
    const updated = { ...document, updatedAtMs: clock.nowMs() };
    if ('failure' in reading) return await documents.settle({ ...updated, state: 'failed', failure: reading.failure }, []);
    const { pages, chunks } = reading;
    const vectors = await this.#vectorsOf(chunks);
    const embeddedBy = vectors && embedder?.model;
    const ready: Document = { ...updated, state: 'ready', pages, chunks: chunks.length, embeddedBy, updatedAtMs: clock.nowMs() };
    return await documents.settle(
      ready,
      chunks.map((chunk, index) => ({ ...chunk, vector: vectors?.[index] })),
    );
  }

  /** Of all chunks or of none: a document is not found by half. */
  async #vectorsOf(chunks: readonly Chunk[]): Promise<Vector[] | undefined> {
    const { embedder, log } = this.#deps;
    if (!embedder) return undefined;
    const texts = chunks.map(({ heading, text }) => (heading === '' ? text : `${heading}\n${text}`));
    const vectors: Vector[] = [];
    try {
      for (let at = 0; at < texts.length; at += EMBEDDED_AT_ONCE) {
        vectors.push(...(await this.#embed(embedder, texts.slice(at, at + EMBEDDED_AT_ONCE))));
      }
      return vectors;
    } catch (error) {
      this.#closing.signal.throwIfAborted();
      log.warn({ err: error, model: embedder.model }, 'document found by its words alone: no vectors were made');
      return undefined;
    }
  }

  async #embed(embedder: Embedder, texts: readonly string[]): Promise<Vector[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await embedder.embed(texts, this.#closing.signal);
      } catch (error) {
        this.#closing.signal.throwIfAborted();
        if (attempt === EMBEDDING_ATTEMPTS) throw error;
        await this.#pause(EMBEDDING_PAUSE_MS * attempt);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.schedule(ms, resolve);
      signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
    });
  }
}
