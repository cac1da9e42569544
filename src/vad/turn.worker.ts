import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import { loadTurnNetwork } from './turn-network.js';
import type { FromTurnWorker, ToTurnWorker, TurnWorkerSetup } from './turn-worker-protocol.js';

/** By then the turn is over by silence and text: a verdict is worth nothing, and those behind it would be late as well. */
const TOO_LATE_MS = 300;

const port = parentPort;
if (!port) throw new Error('turn.worker must run in a worker thread');
const tell = (message: FromTurnWorker): void => port.postMessage(message);

try {
  const network = await loadTurnNetwork((workerData as TurnWorkerSetup).path);
  /** A run blocks the thread: judged one after the other. */
  let judged = Promise.resolve();
  port.on('message', (message: ToTurnWorker) => {
    if (message.type === 'stop') {
      // With the port closed nothing keeps the thread: it ends by itself, never in mid-run.
      judged = judged.then(() => port.close());
      return;
    }
    const { id, pcm, askedMs } = message;
    judged = judged.then(async () => {
      const isLate = systemClock.monotonicMs() - askedMs > TOO_LATE_MS;
      tell({ type: 'verdict', id, probability: isLate ? undefined : await network(pcm) });
    });
  });
  tell({ type: 'ready' });
} catch (error) {
  tell({ type: 'unusable', reason: toError(error).message });
  port.close();
}
