import type { TenantId } from '../../core/ids.js';
import type { DoNotCallEntry, DoNotCallSource } from '../do-not-call.js';
import type { Listed, Page } from './repositories.js';

/** Entries whose time is over are not seen by any method. Each method is one transaction. */
export interface DoNotCallRepository {
  /**
   * Lists numbers, all or none; returns how many were not listed yet. One that is listed keeps its entry, but for the time: the
   * longer of the two holds.
   */
  add(entries: readonly DoNotCallEntry[], nowMs: number): Promise<number>;
  find(tenant: TenantId, number: string, nowMs: number): Promise<DoNotCallEntry | undefined>;
  /** Newest first. `search` is part of a number or of a reason. */
  list(
    tenant: TenantId,
    filter: { search?: string | undefined; source?: DoNotCallSource | undefined },
    page: Page,
    nowMs: number,
  ): Promise<Listed<DoNotCallEntry>>;
  remove(tenant: TenantId, number: string, nowMs: number): Promise<boolean>;
}
