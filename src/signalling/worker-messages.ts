/** What crosses between the main thread and the signalling thread. */
export type WorkerOptions = { bind: string; sipPort: number; externalIp: string | undefined; secret: string };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type FromWorker =
  | { type: 'ready'; appPort: number; sipPort: number }
  | { type: 'failed'; message: string }
  | { type: 'log'; level: LogLevel; fields: object; message: string };

export type ToWorker = { type: 'close' };
