import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.js';
import { askLimitedChild, type LimitedChild } from '../core/limited-child.js';
import type { Logger } from '../core/log.js';
import type { AudioFileReader, AudioReading } from '../domain/ports/audio-files.js';

/** Whoever sent the file waits, so it stands not as far behind calls as the reader of a document. */
const READER: LimitedChild = {
  program: fileURLToPath(new URL('./audio-decoding.child.js', import.meta.url)),
  name: 'the reader of an audio file',
  memoryKib: 1_500_000,
  niceness: 5,
  deadlineMs: 30_000,
};

/** Reads audio in processes of their own, one for each file. */
export class ChildAudioReader implements AudioFileReader {
  readonly #deps: { clock: Clock; log: Logger };
  readonly #reader: LimitedChild;

  constructor({ deadlineMs = READER.deadlineMs, ...deps }: { clock: Clock; log: Logger; deadlineMs?: number }) {
    this.#deps = deps;
    this.#reader = { ...READER, deadlineMs };
  }

  async read(file: Uint8Array, { maxSeconds, signal }: { maxSeconds: number; signal: AbortSignal }): Promise<AudioReading> {
    const read = await askLimitedChild<AudioReading>(this.#reader, { file, maxSeconds }, { ...this.#deps, signal });
    if ('answer' in read) return read.answer;
    return { failure: read.failure === 'died' ? 'unreadable' : 'timeout' };
  }
}
