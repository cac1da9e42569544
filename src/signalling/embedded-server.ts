import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { toError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { GateFigures } from './gate/gate.js';
import type { OffenceSighting } from './gate/offence-report.js';
import type { GateControl, SignallingPorts } from './signalling-server.js';
import type { FromWorker, ReachabilityChange, ToWorker, WorkerOptions } from './worker-messages.js';

/** The gate of the signalling thread, from here. */
export type RemoteGate = Pick<GateControl, 'know' | 'ban' | 'lift' | 'setOverloaded'> & {
  /** Told at most once a second. One listener. */
  onReport(listener: (offences: readonly OffenceSighting[], figures: GateFigures) => void): void;
};

export type EmbeddedSignalling = Omit<SignallingPorts, 'appPort'> & {
  /** Where applications connect, and with what. */
  host: string;
  port: number;
  secret: string;
  gate: RemoteGate;
  /** The thread has ended by itself; every call is lost. */
  onExit(listener: (error: Error) => void): void;
  onReachabilityChange(listener: (change: ReachabilityChange) => void): void;
  close(): Promise<void>;
};

export type EmbeddedSignallingOptions = Omit<WorkerOptions, 'secret' | 'externalIp'> & {
  externalIp?: string | undefined;
  log: Logger;
};

/** Starts the SIP server in a thread of its own. @throws Error naming address, port and transport when a port is taken. */
export async function startEmbeddedSignalling(options: EmbeddedSignallingOptions): Promise<EmbeddedSignalling> {
  const secret = randomBytes(24).toString('hex');
  const { log, externalIp, ...wanted } = options;
  const workerData: WorkerOptions = { ...wanted, externalIp, secret };
  const worker = new Worker(new URL('./signalling.worker.js', import.meta.url), { workerData, name: 'signalling' });
  const thread = new SignallingThread(worker, log);
  const { appPort, ...ports } = await thread.ready;
  return {
    host: '127.0.0.1',
    port: appPort,
    secret,
    ...ports,
    gate: {
      know: (sources) => thread.tell({ type: 'know', sources }),
      ban: (source, forMs) => thread.tell({ type: 'ban', source, forMs }),
      lift: (source) => thread.tell({ type: 'lift', source }),
      setOverloaded: (overloaded) => thread.tell({ type: 'overloaded', overloaded }),
      onReport: (listener) => {
        thread.onGateReport = listener;
      },
    },
    onExit: (listener) => thread.onExit(listener),
    onReachabilityChange: (listener) => thread.onReachabilityChange(listener),
    close: () => thread.close(),
  };
}

/** Watches over the worker: its start, its log lines, and its end, whichever way it comes. */
export class SignallingThread {
  readonly ready: Promise<SignallingPorts>;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  onGateReport: (offences: readonly OffenceSighting[], figures: GateFigures) => void = () => {};
  #listeners: ((error: Error) => void)[] = [];
  #onReachabilityChange: (change: ReachabilityChange) => void = () => {};
  #failure: Error | undefined;
  #closing = false;

  constructor(worker: Worker, log: Logger) {
    this.#worker = worker;
    this.#exited = new Promise((resolve) => worker.once('exit', () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'log') log[message.level](message.fields, message.message);
        else if (message.type === 'gate') this.onGateReport(message.offences, message.figures);
        else if (message.type === 'reachability') this.#onReachabilityChange(message.change);
        else if (message.type === 'ready') {
          const { type: _, ...ports } = message;
          resolve(ports);
        } else {
          this.#closing = true;
          reject(new Error(message.message));
        }
      });
      worker.once('error', (error: unknown) => {
        reject(toError(error));
        this.#ended(toError(error));
      });
      worker.once('exit', (code) => {
        reject(new Error(`the signalling thread ended with code ${code}`));
        this.#ended(new Error(`the signalling thread ended with code ${code}`));
      });
    });
  }

  /** A listener that comes too late hears of it all the same. */
  onExit(listener: (error: Error) => void): void {
    if (this.#failure) listener(this.#failure);
    else this.#listeners.push(listener);
  }

  onReachabilityChange(listener: (change: ReachabilityChange) => void): void {
    this.#onReachabilityChange = listener;
  }

  tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = true;
      this.tell({ type: 'close' });
    }
    await this.#exited;
  }

  #ended(error: Error): void {
    if (this.#closing || this.#failure) return;
    this.#failure = error;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener(error);
  }
}
