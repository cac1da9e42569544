import { z } from 'zod';
import type { ActionId, AgentId, TenantId } from '../core/ids.js';
import { ACTION_TYPES, type Action } from '../domain/action.js';
import { TOOL_OUTCOMES, type ToolRun } from '../domain/tool-run.js';
import type { AgentActionsTable } from './action-tables.js';

type Row = Omit<AgentActionsTable, 'serial'>;

/** A config was checked when it was written, and its type is told by the column. */
const DefinitionJson = z.object({
  name: z.string(),
  enabled: z.boolean(),
  instruction: z.string().optional(),
  preMessage: z.string().optional(),
  timeoutMs: z.number(),
  retries: z.number(),
  secretNames: z.array(z.string()),
  config: z.record(z.string(), z.unknown()),
});

export function actionColumns(action: Action) {
  const { type, sealedSecrets, version, updatedAtMs, id: _id, tenantId: _t, agentId: _a, createdAtMs: _c, ...rest } = action;
  return {
    type,
    definition: JSON.stringify(rest),
    sealed_secrets: sealedSecrets ?? null,
    version,
    updated_at_ms: updatedAtMs,
  };
}

export const toAction = (row: Row): Action => {
  const { instruction, preMessage, ...definition } = DefinitionJson.parse(JSON.parse(row.definition));
  return {
    ...definition,
    instruction,
    preMessage,
    id: row.id as ActionId,
    tenantId: row.tenant_id as TenantId,
    agentId: row.agent_id as AgentId,
    type: z.enum(ACTION_TYPES).parse(row.type),
    sealedSecrets: row.sealed_secrets ?? undefined,
    version: row.version,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  } as unknown as Action;
};

const ToolRunJson = z.object({
  actionId: z.string().optional(),
  type: z.enum(ACTION_TYPES).optional(),
  name: z.string(),
  arguments: z.unknown(),
  outcome: z.enum(TOOL_OUTCOMES),
  reason: z.string().optional(),
  attempts: z.number(),
  startedAtMs: z.number(),
  durationMs: z.number(),
});

export const toolRunJson = (run: ToolRun): string => JSON.stringify(run);

export function toToolRun(json: string): ToolRun {
  const { actionId, type, reason, ...run } = ToolRunJson.parse(JSON.parse(json));
  return { ...run, actionId: actionId as ActionId | undefined, type, reason };
}
