import type { AudioMemory } from '../domain/ports/media.js';
import type { BatchCounters, SessionEvent } from './batch-detector.js';

export type WorkerSetup = {
  audioMemory: AudioMemory;
  modelPath: string;
  /** One Int32: not 0 asks the worker to finish its present run and leave. */
  stopFlag: SharedArrayBuffer;
};

export type ToWorker =
  | { type: 'watch'; id: number; slot: number; generation: number; suppressNoise: boolean }
  | { type: 'unwatch'; id: number }
  /** Wakes a worker that has nothing to poll, so that it sees the stop flag. */
  | { type: 'stop' };

export type FromWorker = { type: 'ready' } | { type: 'tick'; events: SessionEvent[]; counters: BatchCounters };
