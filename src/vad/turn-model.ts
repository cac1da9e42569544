import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { TurnModel } from '../domain/ports/turn-model.js';
import type { FromTurnWorker, ToTurnWorker, TurnWorkerSetup } from './turn-worker-protocol.js';

export type TurnModelOptions = { path: string; clock: Clock; log: Logger };

const RESTART_AFTER_MS = 5_000;

/** Resolves when the model is loaded and has judged a second of silence. @throws Error that says why the file is of no use. */
export async function startTurnModel(options: TurnModelOptions): Promise<TurnModel & { close(): Promise<void> }> {
  const model = new WorkerTurnModel(options);
  await model.start();
  return model;
}

class WorkerTurnModel implements TurnModel {
  readonly #options: TurnModelOptions;
  readonly #asked = new Map<number, (probability: number | undefined) => void>();
  #nextId = 1;
  #worker: Worker | undefined;
  #gone: Promise<unknown> = Promise.resolve();
  #closed = false;
  #cancelRestart: () => void = () => {};

  constructor(options: TurnModelOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const setup: TurnWorkerSetup = { path: this.#options.path };
    const worker = new Worker(new URL('./turn.worker.js', import.meta.url), { workerData: setup, name: 'turn' });
    const gone = once(worker, 'exit').catch(() => undefined);
    this.#gone = gone;
    const left = gone.then(() => Promise.reject(new Error('its thread left before it was loaded')));
    const [first] = (await Promise.race([once(worker, 'message'), left])) as [FromTurnWorker];
    if (first.type === 'unusable') {
      await gone;
      throw new Error(first.reason);
    }
    this.#worker = worker;
    worker.on('message', (message: FromTurnWorker) => {
      if (message.type === 'verdict') this.#settle(message.id, message.probability);
    });
    worker.on('error', (error) => this.#options.log.error({ err: error }, 'turn model died'));
    worker.once('exit', () => this.#onExit());
    if (this.#closed) this.#tell({ type: 'stop' });
  }

  judge(pcm: Int16Array): Promise<number | undefined> {
    if (!this.#worker || this.#closed) return Promise.resolve(undefined);
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#tell({ type: 'judge', id, pcm, askedMs: this.#options.clock.monotonicMs() });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    this.#tell({ type: 'stop' });
    await this.#gone;
  }

  #onExit(): void {
    this.#worker = undefined;
    for (const id of this.#asked.keys()) this.#settle(id, undefined);
    if (!this.#closed) this.#restartLater();
  }

  /** Until it is back, turns end by silence and text. */
  #restartLater(): void {
    const { clock, log } = this.#options;
    this.#cancelRestart = clock.schedule(RESTART_AFTER_MS, () => {
      this.start().catch((error: unknown) => {
        log.error({ err: toError(error) }, 'turn model did not start again');
        if (!this.#closed) this.#restartLater();
      });
    });
  }

  #settle(id: number, probability: number | undefined): void {
    this.#asked.get(id)?.(probability);
    this.#asked.delete(id);
  }

  #tell(message: ToTurnWorker): void {
    this.#worker?.postMessage(message);
  }
}
