import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { DocumentType } from '../domain/document.js';
import type { DocumentReader, Reading } from '../domain/ports/documents.js';

const CHILD = fileURLToPath(new URL('./extraction.child.js', import.meta.url));
/** Of what a reader may write to: a document that unpacks to more ends it, and nobody else. */
const MEMORY_KIB = 1_500_000;
/** Calls come first. */
const NICENESS = 10;
const DEADLINE_MS = 60_000;

/**
 * Reads documents in a process of their own, one process per document. Files come from strangers: one that unpacks to gigabytes, sends
 * a parser round in circles or crashes it must cost neither calls nor memory of ours, which a thread cannot promise.
 */
export class ChildDocumentReader implements DocumentReader {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #deadlineMs: number;

  constructor(options: { clock: Clock; log: Logger; deadlineMs?: number }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  async read(file: string, type: DocumentType, signal: AbortSignal): Promise<Reading> {
    signal.throwIfAborted();
    const child = limitedChild();
    return await new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        // It ends by our own hand now.
        child.removeAllListeners('exit');
        child.kill('SIGKILL');
        act();
      };
      const onAbort = (): void => settle(() => reject(signal.reason as Error));
      const cancel = this.#clock.schedule(this.#deadlineMs, () => settle(() => resolve({ failure: 'timeout' })));
      signal.addEventListener('abort', onAbort, { once: true });
      // What it sends is what our own program sends: it is not the document that speaks.
      child.once('message', (reading: Reading) => settle(() => resolve(reading)));
      child.once('error', (error) => settle(() => reject(error)));
      child.once('exit', (code, killedBy) => {
        this.#log.warn({ code, killedBy, type }, 'the reader of a document died');
        settle(() => resolve({ failure: 'unreadable' }));
      });
      child.send({ file, type }, (error) => {
        if (error) this.#log.debug({ err: error }, 'the reader of a document did not listen');
      });
    });
  }
}

/** Through a shell, which has the one thing Node cannot do: limit a process before it begins. */
function limitedChild(): ChildProcess {
  const command = `ulimit -d ${MEMORY_KIB}; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, CHILD], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  } catch {
    // It has ended already, or priorities are not ours to set: it reads all the same.
  }
  return child;
}
