import type { GateFigures } from './gate/gate.js';
import type { OffenceSighting } from './gate/offence-report.js';
import type { SignallingOptions, SignallingPorts } from './signalling-server.js';

/** What crosses between the main thread and the signalling thread. */
export type WorkerOptions = Pick<
  SignallingOptions,
  'bind' | 'sipPort' | 'tls' | 'ws' | 'externalIp' | 'localNetworks' | 'dnsServers' | 'secret' | 'gate'
>;

/** What may cost us calls that come in: this registrar lost its connection to us, or stands in for a better one; or our own address is another. */
export type ReachabilityChange = { registrar: string } | 'address';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type FromWorker =
  | ({ type: 'ready' } & SignallingPorts)
  | { type: 'reachability'; change: ReachabilityChange }
  | { type: 'failed'; message: string }
  | { type: 'log'; level: LogLevel; fields: object; message: string }
  /** Every second in which something happened. */
  | { type: 'gate'; offences: OffenceSighting[]; figures: GateFigures };

export type ToWorker =
  | { type: 'close' }
  | { type: 'know'; sources: readonly string[] }
  | { type: 'ban'; source: string; forMs: number }
  | { type: 'lift'; source: string }
  | { type: 'overloaded'; overloaded: boolean };
