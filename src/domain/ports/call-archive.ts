import type { CallId, TenantId } from '../../core/ids.js';
import type { Retention } from '../identity.js';

/** What organisations have set themselves. */
export interface RetentionSettings {
  /** Of all tenants. */
  retentions(): Promise<{ tenant: TenantId; retention: Retention }[]>;
}

export type RecordedCall = { id: CallId; tenantId: TenantId; path: string };

/**
 * Takes ended calls out of the records: with them go transcript, turns, report, search and what was still to be told of them.
 *
 * A recording's file cannot go in the same transaction, but that it has to go is written down in it: see `filesToRemove`.
 */
export interface CallArchive {
  remove(tenant: TenantId, id: CallId): Promise<'removed' | 'in_progress' | 'not_found'>;
  /** Removes ended calls and text conversations that began before `beforeMs`, and texts of before, the oldest first. Returns how many there were of one kind, of which there were more. */
  removeCalls(tenant: TenantId, beforeMs: number, limit: number): Promise<number>;
  /** Takes the recordings of such calls from them. Returns how many there were. */
  removeRecordings(tenant: TenantId, beforeMs: number, limit: number): Promise<number>;
  /** Those of the ended calls whose recording is one of these files, relative to the data directory. */
  recordedIn(paths: readonly string[]): Promise<RecordedCall[]>;
  /** The call's recording is `to` instead of `from`, which is to be removed. Where the call has it no more, `to` is. */
  replaceRecording(tenant: TenantId, id: CallId, from: string, to: string): Promise<void>;
  /** Files, relative to the data directory, that belong to no call any more. */
  filesToRemove(limit: number): Promise<string[]>;
  /** This one is gone. */
  fileRemoved(path: string): Promise<void>;
}
