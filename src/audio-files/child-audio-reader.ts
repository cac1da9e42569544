import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/log.js';
import type { AudioFileReader, AudioReading } from '../domain/ports/audio-files.js';

const CHILD = fileURLToPath(new URL('./audio-decoding.child.js', import.meta.url));
/** Of what a decoder may write to: a file that unpacks to more ends it, and nobody else. */
const MEMORY_KIB = 1_500_000;
/** Calls come first; whoever sent the file waits, so not as far behind as a document. */
const NICENESS = 5;
const DEADLINE_MS = 30_000;

/**
 * Reads audio in a process of its own, one process per file: decoders are where strangers' files have always broken programs, and what
 * goes wrong in there must cost no call.
 */
export class ChildAudioReader implements AudioFileReader {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #deadlineMs: number;

  constructor(options: { clock: Clock; log: Logger; deadlineMs?: number }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  }

  async read(file: Uint8Array, { maxSeconds, signal }: { maxSeconds: number; signal: AbortSignal }): Promise<AudioReading> {
    signal.throwIfAborted();
    const child = limitedChild();
    return await new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        cancel();
        child.off('exit', onExit);
        signal.removeEventListener('abort', onAbort);
        child.kill('SIGKILL');
        act();
      };
      const onExit = (code: number | null, killedBy: NodeJS.Signals | null): void => {
        this.#log.warn({ code, killedBy, bytes: file.length }, 'the reader of an audio file died');
        settle(() => resolve({ failure: 'unreadable' }));
      };
      const onAbort = (): void => settle(() => reject(signal.reason as Error));
      const cancel = this.#clock.schedule(this.#deadlineMs, () => settle(() => resolve({ failure: 'timeout' })));
      signal.addEventListener('abort', onAbort, { once: true });
      // What it sends is what our own program sends: it is not the file that speaks.
      child.once('message', (reading: AudioReading) => settle(() => resolve(reading)));
      child.once('error', (error) => settle(() => reject(error)));
      child.once('exit', onExit);
      child.send({ file, maxSeconds }, (error) => {
        if (error) this.#log.debug({ err: error }, 'the reader of an audio file did not listen');
      });
    });
  }
}

/** Through a shell, which has the one thing Node cannot do: limit a process before it begins. */
function limitedChild(): ChildProcess {
  const command = `ulimit -d ${MEMORY_KIB}; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, CHILD], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Files and samples pass as bytes, not as JSON.
    serialization: 'advanced',
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS);
  } catch {
    // It has ended already, or priorities are not ours to set: it reads all the same.
  }
  return child;
}
