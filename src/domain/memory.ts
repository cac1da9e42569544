import type { AgentId, CallId, ChatSessionId, TenantId } from '../core/ids.js';
import type { ExtractedValue } from './report.js';

/** What an agent keeps of one conversation with a contact: it goes with the conversation. */
export type Memory = {
  tenantId: TenantId;
  agentId: AgentId;
  /** A number in E.164, or `web:<ext_id>` and the like. */
  contact: string;
  /** One of both. */
  callId: CallId | undefined;
  sessionId: ChatSessionId | undefined;
  summary: string;
  facts: Readonly<Record<string, ExtractedValue>>;
  atMs: number;
};
