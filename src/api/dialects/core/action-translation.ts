import type { z } from 'zod';
import { type ActionResource, presentConfig } from '../../../actions/action-input.js';
import type { Action } from '../../../domain/action.js';
import type { ToolRun } from '../../../domain/tool-run.js';
import type { ToolRunResource } from './call-schema.js';

export const presentAction = (action: Action): z.input<typeof ActionResource> => ({
  id: action.id,
  agent_id: action.agentId,
  type: action.type,
  name: action.name,
  enabled: action.enabled,
  instruction: action.instruction ?? null,
  pre_message: action.preMessage ?? null,
  timeout_ms: action.timeoutMs,
  retries: action.retries,
  config: presentConfig(action.config),
  secret_names: [...action.secretNames],
  version: action.version,
  created_at: new Date(action.createdAtMs).toISOString(),
  updated_at: new Date(action.updatedAtMs).toISOString(),
});

export const presentToolRun = (run: ToolRun): z.input<typeof ToolRunResource> => ({
  action_id: run.actionId ?? null,
  type: run.type ?? null,
  name: run.name,
  arguments: run.arguments,
  outcome: run.outcome,
  reason: run.reason ?? null,
  attempts: run.attempts,
  started_at: new Date(run.startedAtMs).toISOString(),
  duration_ms: run.durationMs,
});
