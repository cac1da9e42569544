import type { Ban, OffenceKind } from '../ban.js';
import type { Listed, Page } from './repositories.js';

/** Told of what attackers do, and customers seldom. */
export interface OffenceWatch {
  /** `address`: of the source, without a port. */
  offended(address: string, kind: OffenceKind): void;
}

/** What stands before the SIP sockets. Nobody asks whether it has understood: it takes effect in moments. */
export interface SignallingGate {
  ban(source: string, forMs: number): void;
  lift(source: string): void;
}

export interface BanRepository {
  /** In place of what there was for the source. */
  put(ban: Ban): Promise<void>;
  /** Also when it is over: for how often there was one. */
  find(source: string): Promise<Ban | undefined>;
  /** Those in force, the newest first. */
  list(page: Page, nowMs: number): Promise<Listed<Ban>>;
  /** All that are in force. */
  current(nowMs: number): Promise<Ban[]>;
  /** False when none is in force. */
  remove(source: string, nowMs: number): Promise<boolean>;
  /** Forgets those that were over by then. */
  forget(beforeMs: number): Promise<void>;
}
