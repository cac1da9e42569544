import type { AgentId, CallId, TenantId } from '../../core/ids.js';
import type { Memory } from '../memory.js';
import type { Listed, Page } from './repositories.js';

export type MemoryFilter = { contact?: string | undefined; agentId?: AgentId | undefined };

export interface MemoryRepository {
  /** In place of what there was of that conversation. One that is gone by now is not remembered. */
  save(memory: Memory): Promise<void>;
  /** With whom a call is, whose memory is not there yet. */
  expect(call: CallId, memory: Pick<Memory, 'tenantId' | 'agentId' | 'contact' | 'atMs'>): Promise<void>;
  /** Completes an expected memory; nothing happens where none is. */
  fulfil(call: CallId, memory: Pick<Memory, 'summary' | 'facts'>): Promise<void>;
  /** Newest first, without those that are only expected. */
  list(tenant: TenantId, filter: MemoryFilter, page: Page): Promise<Listed<Memory>>;
  /** Those that are expected, too. Returns how many there were. */
  forget(tenant: TenantId, contact: string, agent?: AgentId): Promise<number>;
}
