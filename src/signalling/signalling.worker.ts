import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { startSignallingServer } from './signalling-server.js';
import type { FromWorker, LogLevel, WorkerOptions } from './worker-messages.js';

const port = parentPort;
if (!port) throw new Error('signalling.worker runs in a worker thread only');
const post = (message: FromWorker): void => port.postMessage(message);

/** Hands log lines to the main thread, which alone writes. */
function forwardingLogger(bindings: object): Logger {
  const at = (level: LogLevel) => (fields: object, message: string) =>
    post({ type: 'log', level, fields: { ...bindings, ...fields }, message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (more) => forwardingLogger({ ...bindings, ...more }),
  };
}

try {
  const options = workerData as WorkerOptions;
  const server = await startSignallingServer({ ...options, clock: systemClock, log: forwardingLogger({}) });
  port.once('message', () => {
    // With its sockets closed and this port unreferenced the thread ends by itself.
    void server.close().finally(() => port.close());
  });
  const { appPort, sipPort, tlsPort, wsPort, wssPort } = server;
  post({ type: 'ready', appPort, sipPort, tlsPort, wsPort, wssPort });
} catch (error) {
  post({ type: 'failed', message: toError(error).message });
  port.close();
}
