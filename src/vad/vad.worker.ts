import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { systemClock } from '../core/clock.js';
import { BatchDetector, INPUT_SAMPLES, type Model, STATE_SIZE } from './batch-detector.js';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-protocol.js';

/** Far below a window, so that waiting for the next poll costs little of the delay. */
const POLL_MS = 5;
/** Counters go out with events, and about this often without any. */
const REPORT_EVERY_TICKS = 200;
const SAMPLE_RATE_HZ = 16_000n;

const port = parentPort;
if (!port) throw new Error('vad.worker must run in a worker thread');
const { audioMemory, modelPath, stopFlag } = workerData as WorkerSetup;
const flag = new Int32Array(stopFlag);
const stopping = (): boolean => Atomics.load(flag, 0) !== 0;

const session = await InferenceSession.create(modelPath, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
});
const detector = new BatchDetector(audioMemory, silero(session));
let polling = false;
let ticks = 0;

port.on('message', (message: ToWorker) => {
  if (message.type === 'watch') detector.watch(message.id, message.slot, message.generation, systemClock.monotonicMs());
  if (message.type === 'unwatch') detector.unwatch(message.id);
  if (!polling) void poll();
});
tell({ type: 'ready' });

/** Runs while sessions are watched. A rejected run is thrown out of the worker: the owner starts a new one. */
async function poll(): Promise<void> {
  polling = true;
  while (detector.watched > 0 && !stopping()) {
    const events = await detector.tick(() => systemClock.monotonicMs(), stopping);
    ticks += 1;
    if (events.length > 0 || ticks % REPORT_EVERY_TICKS === 0) tell({ type: 'tick', events, counters: detector.counters });
    await new Promise<void>((resolve) => systemClock.schedule(POLL_MS, resolve));
  }
  polling = false;
  // With the port closed nothing keeps the thread: it ends by itself, never in mid-run.
  if (stopping()) port?.close();
}

function tell(message: FromWorker): void {
  port?.postMessage(message);
}

/** `run` blocks this thread (and holds the process if it is killed meanwhile), which is why it lives here and is stopped by a flag only. */
function silero(session: InferenceSession): Model {
  const rate = new Tensor('int64', BigInt64Array.of(SAMPLE_RATE_HZ), []);
  return async (inputs, states, batch) => {
    const output = await session.run({
      input: new Tensor('float32', inputs, [batch, INPUT_SAMPLES]),
      state: new Tensor('float32', states, [2, batch, STATE_SIZE]),
      sr: rate,
    });
    const probabilities = output['output']?.data;
    const nextStates = output['stateN']?.data;
    if (!(probabilities instanceof Float32Array) || !(nextStates instanceof Float32Array))
      throw new Error('the model has no output or stateN');
    return { probabilities, states: nextStates };
  };
}
