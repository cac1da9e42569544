import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Clock } from './clock.js';
import type { Logger } from './log.js';

export type LimitedChild = {
  /** Path of its program, which takes one message, answers it with one, and ends. */
  readonly program: string;
  /** What it is, in the log. */
  readonly name: string;
  /** Of what it may write to: an input that unpacks to more ends it, and nobody else. */
  readonly memoryKib: number;
  /** 0 to 19: how far behind calls it stands. */
  readonly niceness: number;
  readonly deadlineMs: number;
};

/** `died`: crashed, or asked for more memory than it may have. */
export type ChildAnswer<Answer> = { answer: Answer } | { failure: 'timeout' | 'died' };

/**
 * Asks a process of its own, which exists for this one question: what strangers send has always broken the programs that read it, and
 * what goes wrong in there must cost neither calls nor memory of ours, which a thread cannot promise. Rejects with the signal's reason
 * when that is aborted, and with an `Error` when no process can be started.
 */
export async function askLimitedChild<Answer>(
  child: LimitedChild,
  question: object,
  { clock, log, signal }: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<ChildAnswer<Answer>> {
  signal.throwIfAborted();
  const asked = limited(child);
  return await new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      cancel();
      // It ends by our own hand now.
      asked.off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      asked.kill('SIGKILL');
      act();
    };
    const onExit = (code: number | null, killedBy: NodeJS.Signals | null): void => {
      log.warn({ code, killedBy }, `${child.name} died`);
      settle(() => resolve({ failure: 'died' }));
    };
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const cancel = clock.schedule(child.deadlineMs, () => settle(() => resolve({ failure: 'timeout' })));
    signal.addEventListener('abort', onAbort, { once: true });
    // What it sends is what our own program sends: it is not the stranger's file that speaks.
    asked.once('message', (answer: Answer) => settle(() => resolve({ answer })));
    asked.once('error', (error) => settle(() => reject(error)));
    asked.once('exit', onExit);
    asked.send(question, (error) => {
      if (error) log.debug({ err: error }, `${child.name} did not listen`);
    });
  });
}

/** Through a shell, which has the one thing Node cannot do: limit a process before it begins. */
function limited({ program, memoryKib, niceness }: LimitedChild): ChildProcess {
  const command = `ulimit -d ${memoryKib}; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, program], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Files and samples pass as bytes, not as JSON.
    serialization: 'advanced',
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, niceness);
  } catch {
    // It has ended already, or priorities are not ours to set: it works all the same.
  }
  return child;
}
