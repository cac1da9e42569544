import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.js';
import { AppError, toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { AudioMemory } from '../domain/ports/media.js';
import type { VoiceActivity, VoiceEvent, WatchedSession } from '../domain/ports/voice-activity.js';
import type { BatchCounters } from './batch-detector.js';
import { findModel } from './model-file.js';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.js';

export type VoiceActivityOptions = {
  audioMemory: AudioMemory;
  clock: Clock;
  log: Logger;
  /** Another Silero v5 or v6 model for 16 kHz, instead of the package's. */
  modelPath?: string | undefined;
};

/** `lagMs`: the most unheard audio any call had at the last report; 0 when none is watched. */
export type VoiceActivityLag = BatchCounters & { watched: number; restarts: number };

const RESTART_AFTER_MS = 500;

type Watch = {
  slot: number;
  generation: number;
  suppressNoise: boolean;
  listener: (event: VoiceEvent) => void;
  /** The last event said that speech is on. */
  open: VoiceEvent | undefined;
};

/** Starts the worker thread; resolves when its model is loaded. @throws AppError `internal` when the model cannot be used. */
export async function startVoiceActivity(options: VoiceActivityOptions): Promise<VoiceActivity & { lag(): VoiceActivityLag }> {
  const detector = new WorkerVoiceActivity(options, await findModel(options.modelPath));
  await detector.start();
  return detector;
}

class WorkerVoiceActivity implements VoiceActivity {
  readonly #options: VoiceActivityOptions;
  readonly #modelPath: string;
  readonly #stopFlag = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  readonly #watches = new Map<number, Watch>();
  #nextId = 1;
  #worker: Worker | undefined;
  /** Resolves when the present worker is gone. */
  #gone: Promise<unknown> = Promise.resolve();
  #closed = false;
  #restarts = 0;
  #cancelRestart: (() => void) | undefined;
  #counters: BatchCounters = { windows: 0, runs: 0, droppedWindows: 0, noisySamples: 0, lagMs: 0 };

  constructor(options: VoiceActivityOptions, modelPath: string) {
    this.#options = options;
    this.#modelPath = modelPath;
  }

  async start(): Promise<void> {
    const setup: WorkerSetup = { audioMemory: this.#options.audioMemory, modelPath: this.#modelPath, stopFlag: this.#stopFlag };
    const worker = new Worker(new URL('./vad.worker.js', import.meta.url), { workerData: setup, name: 'vad' });
    this.#gone = once(worker, 'exit').catch(() => undefined);
    const died = this.#gone.then(() =>
      Promise.reject(new AppError('internal', 'the voice activity worker left before it was ready')),
    );
    // Rejects when the worker dies first, be it with an error (say, a file that is no model) or without.
    await Promise.race([once(worker, 'message'), died]);
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#onMessage(message));
    worker.on('error', (error) => this.#options.log.error({ err: error }, 'voice activity worker died'));
    worker.once('exit', () => this.#onExit());
    for (const [id, { slot, generation, suppressNoise }] of this.#watches) {
      this.#tell({ type: 'watch', id, slot, generation, suppressNoise });
    }
    if (this.#closed) this.#tell({ type: 'stop' });
  }

  watch(session: WatchedSession, listener: (event: VoiceEvent) => void): { close(): void } {
    const id = this.#nextId;
    this.#nextId += 1;
    const { slot, generation, suppressesNoise: suppressNoise = false } = session;
    this.#watches.set(id, { slot, generation, suppressNoise, listener, open: undefined });
    this.#tell({ type: 'watch', id, slot, generation, suppressNoise });
    return {
      close: () => {
        if (this.#watches.delete(id)) this.#tell({ type: 'unwatch', id });
      },
    };
  }

  lag(): VoiceActivityLag {
    const watched = this.#watches.size;
    // Nobody reports when there is nothing to watch: the last figure would stay for ever.
    const lagMs = watched === 0 ? 0 : this.#counters.lagMs;
    return { ...this.#counters, lagMs, watched, restarts: this.#restarts };
  }

  /** Whoever ends the process waits for this first: ending it while the worker is in a run aborts it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart?.();
    this.#watches.clear();
    Atomics.store(new Int32Array(this.#stopFlag), 0, 1);
    this.#tell({ type: 'stop' });
    await this.#gone;
  }

  #onMessage(message: FromWorker): void {
    if (message.type !== 'tick') return;
    this.#counters = message.counters;
    for (const { id, event } of message.events) {
      const watch = this.#watches.get(id);
      if (!watch) continue;
      watch.open = event.type === 'ended' ? undefined : event;
      watch.listener(event);
    }
  }

  /** A worker that died is replaced; speech it had reported is ended, so that no conversation waits for it for ever. */
  #onExit(): void {
    this.#worker = undefined;
    if (this.#closed) return;
    for (const watch of this.#watches.values()) {
      if (!watch.open) continue;
      watch.listener({ type: 'ended', sample: watch.open.sample, atMs: this.#options.clock.monotonicMs() });
      watch.open = undefined;
    }
    this.#restarts += 1;
    this.#restartLater();
  }

  #restartLater(): void {
    this.#cancelRestart = this.#options.clock.schedule(RESTART_AFTER_MS, () => {
      this.start().catch((error: unknown) => {
        this.#options.log.error({ err: toError(error) }, 'voice activity worker did not start again');
        if (!this.#closed) this.#restartLater();
      });
    });
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }
}
