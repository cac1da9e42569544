import type { SignallingOptions, SignallingPorts } from './signalling-server.js';

/** What crosses between the main thread and the signalling thread. */
export type WorkerOptions = Pick<
  SignallingOptions,
  'bind' | 'sipPort' | 'tls' | 'ws' | 'externalIp' | 'localNetworks' | 'secret'
>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type FromWorker =
  | ({ type: 'ready' } & SignallingPorts)
  | { type: 'failed'; message: string }
  | { type: 'log'; level: LogLevel; fields: object; message: string };

export type ToWorker = { type: 'close' };
