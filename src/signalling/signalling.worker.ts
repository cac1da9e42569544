import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../core/clock.js';
import { toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import { type SignallingServer, startSignallingServer } from './signalling-server.js';
import type { FromWorker, LogLevel, ToWorker, WorkerOptions } from './worker-messages.js';

const port = parentPort;
if (!port) throw new Error('signalling.worker runs in a worker thread only');
const post = (message: FromWorker): void => port.postMessage(message);

/** How often it is told what the gate has seen. */
const REPORT_MS = 1000;

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

/** @returns what ends it. */
function reportGate({ gate }: SignallingServer): () => void {
  let told = 0;
  const report = (): void => {
    const figures = gate.figures();
    const offences = gate.takeOffences();
    const shutOut = Object.values(figures).reduce((sum, count) => sum + count, 0);
    if (shutOut > told || offences.length > 0) post({ type: 'gate', offences, figures });
    told = shutOut;
    cancel = systemClock.schedule(REPORT_MS, report);
  };
  let cancel = systemClock.schedule(REPORT_MS, report);
  return () => cancel();
}

function obey(server: SignallingServer, message: ToWorker, close: () => void): void {
  const { gate } = server;
  switch (message.type) {
    case 'close':
      return close();
    case 'know':
      return gate.know(message.sources);
    case 'ban':
      return gate.ban(message.source, message.forMs);
    case 'lift':
      return gate.lift(message.source);
    case 'overloaded':
      return gate.setOverloaded(message.overloaded);
  }
}

try {
  const options = workerData as WorkerOptions;
  const server = await startSignallingServer({
    ...options,
    clock: systemClock,
    log: forwardingLogger({}),
    onReachabilityChange: (change) => post({ type: 'reachability', change }),
  });
  const endReports = reportGate(server);
  port.on('message', (message: ToWorker) =>
    obey(server, message, () => {
      endReports();
      // With its sockets closed and this port unreferenced the thread ends by itself.
      void server.close().finally(() => port.close());
    }),
  );
  const { appPort, sipPort, tlsPort, wsPort, wssPort } = server;
  post({ type: 'ready', appPort, sipPort, tlsPort, wsPort, wssPort });
} catch (error) {
  post({ type: 'failed', message: toError(error).message });
  port.close();
}
