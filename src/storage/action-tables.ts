import type { Generated } from 'kysely';

export type AgentActionsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  agent_id: string;
  type: string;
  tool_name: string;
  /** JSON. */
  definition: string;
  sealed_secrets: string | null;
  version: number;
  created_at_ms: number;
  updated_at_ms: number;
};

export type EndActionsTable = {
  serial: Generated<number>;
  id: string;
  tenant_id: string;
  action_id: string;
  call_id: string | null;
  session_id: string | null;
  attempts: number;
  next_attempt_at_ms: number;
};

export type ActionTables = {
  agent_actions: AgentActionsTable;
  /** `run` is JSON. */
  tool_runs: { serial: Generated<number>; call_id: string; run: string };
  end_actions: EndActionsTable;
};
