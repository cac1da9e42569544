import type { AgentId, TenantId, TextHookId } from '../core/ids.js';

/** Where a provider of SMS brings the texts that are for an agent. */
export type TextHook = {
  id: TextHookId;
  tenantId: TenantId;
  agentId: AgentId;
  /** What the provider signs with. */
  sealedSecret: string;
  createdAtMs: number;
};

export interface TextHookRepository {
  insert(hook: TextHook): Promise<void>;
  /** Of any tenant: the provider names the hook alone, and proves itself by its signature. */
  find(id: TextHookId): Promise<TextHook | undefined>;
  /** The oldest first. */
  list(tenant: TenantId): Promise<TextHook[]>;
  delete(tenant: TenantId, id: TextHookId): Promise<boolean>;
}
