import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import { BatchDetector } from './batch-detector.js';
import { loadNoiseSuppressor, type NewNoiseSuppressor } from './noise-suppressor.js';
import { loadSilero } from './silero.js';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.js';

/** Far below a window, so that waiting for the next poll costs little of the delay. */
const POLL_MS = 5;
/** Counters go out with events, and this often without any. */
const REPORT_EVERY_MS = 1_000;

const port = parentPort;
if (!port) throw new Error('vad.worker must run in a worker thread');
const { audioMemory, modelPath, stopFlag } = workerData as WorkerSetup;
const flag = new Int32Array(stopFlag);
const stopping = (): boolean => Atomics.load(flag, 0) !== 0;

const detector = new BatchDetector(audioMemory, await loadSilero(modelPath));
/** Where no call wants it, it is not even loaded. */
let suppressors: Promise<NewNoiseSuppressor> | undefined;
/** Messages are taken one after the other, the one that loads something included. */
let taken = Promise.resolve();
let polling = false;
let reportedMs = 0;

port.on('message', (message: ToWorker) => {
  taken = taken.then(() => take(message));
});
tell({ type: 'ready' });

async function take(message: ToWorker): Promise<void> {
  if (message.type === 'watch') {
    suppressors = message.suppressNoise ? (suppressors ?? loadNoiseSuppressor()) : suppressors;
    const suppressor = message.suppressNoise ? (await suppressors)?.() : undefined;
    detector.watch(message.id, message.slot, message.generation, systemClock.monotonicMs(), suppressor);
  }
  if (message.type === 'unwatch') detector.unwatch(message.id);
  if (!polling) void poll();
}

/** Runs while sessions are watched. A rejected run is thrown out of the worker: the owner starts a new one. */
async function poll(): Promise<void> {
  polling = true;
  while (detector.watched > 0 && !stopping()) {
    const events = await detector.tick(() => systemClock.monotonicMs(), stopping);
    const nowMs = systemClock.monotonicMs();
    if (events.length > 0 || nowMs - reportedMs >= REPORT_EVERY_MS) {
      reportedMs = nowMs;
      tell({ type: 'tick', events, counters: detector.counters });
    }
    await new Promise<void>((resolve) => systemClock.schedule(detector.behind ? 0 : POLL_MS, resolve));
  }
  polling = false;
  // With the port closed nothing keeps the thread: it ends by itself, never in mid-run.
  if (stopping()) port?.close();
}

function tell(message: FromWorker): void {
  port?.postMessage(message);
}
