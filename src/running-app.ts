import type { CallEvent } from './calls/call-event.js';
import type { CallRepository } from './domain/ports/repositories.js';

export type App = {
  sipPort: number;
  /** 0 for what is not listened on. */
  sipTlsPort: number;
  sipWsPort: number;
  sipWssPort: number;
  httpPort: number;
  /** For readers in the same process; changes go through the API's use cases. */
  calls: CallRepository;
  /** Whether the demo agent has a recogniser that understands words. */
  understands: boolean;
  /** Takes no more calls, waits up to `limitMs` for those in progress, ends the rest, and closes everything. Idempotent. */
  stop(limitMs: number): Promise<void>;
  /** The server cannot go on (its signalling is gone). */
  onFailure(listener: (error: Error) => void): void;
};

export type AppHooks = { onCallEvent?: (event: CallEvent) => void };
