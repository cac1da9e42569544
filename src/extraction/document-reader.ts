import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.js';
import { askLimitedChild, type LimitedChild } from '../core/limited-child.js';
import type { Logger } from '../core/log.js';
import type { DocumentType } from '../domain/document.js';
import type { DocumentReader, Reading } from '../domain/ports/documents.js';

const READER: LimitedChild = {
  program: fileURLToPath(new URL('./extraction.child.js', import.meta.url)),
  name: 'the reader of a document',
  memoryKib: 1_500_000,
  niceness: 10,
  deadlineMs: 60_000,
};

/** Reads documents in processes of their own, one for each. */
export class ChildDocumentReader implements DocumentReader {
  readonly #deps: { clock: Clock; log: Logger };
  readonly #reader: LimitedChild;

  constructor({ deadlineMs = READER.deadlineMs, ...deps }: { clock: Clock; log: Logger; deadlineMs?: number }) {
    this.#deps = deps;
    this.#reader = { ...READER, deadlineMs };
  }

  async read(file: string, type: DocumentType, signal: AbortSignal): Promise<Reading> {
    const read = await askLimitedChild<Reading>(this.#reader, { file, type }, { ...this.#deps, signal });
    if ('answer' in read) return read.answer;
    return { failure: read.failure === 'died' ? 'unreadable' : 'timeout' };
  }
}
