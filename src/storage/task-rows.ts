import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { AgentId, ApiKeyId, CallId, TaskId, TenantId } from '../core/ids.js';
import { TASK_EVENTS, type Task, type TaskPatch, type TaskStatus } from '../domain/task.js';
import { jsonColumn, toRetry, toWindow } from './policy-rows.js';
import type { TasksTable } from './tables.js';

/** What a patch changes. */
export function patchColumns(patch: TaskPatch) {
  return {
    ...('name' in patch && { name: patch.name }),
    ...('toNumber' in patch && { to_number: patch.toNumber }),
    ...('priority' in patch && { priority: patch.priority }),
    ...('description' in patch && { description: patch.description ?? null }),
    ...('startingMessage' in patch && { starting_message: patch.startingMessage ?? null }),
    ...('contextData' in patch && { context_data: JSON.stringify(patch.contextData) }),
    ...('scheduledAtMs' in patch && { scheduled_at_ms: patch.scheduledAtMs ?? null, due_at_ms: patch.scheduledAtMs ?? null }),
    ...('callWindow' in patch && { call_window: jsonColumn(patch.callWindow) }),
    ...('retry' in patch && { retry: jsonColumn(patch.retry) }),
    ...('webhookUrl' in patch && { webhook_url: patch.webhookUrl ?? null }),
    ...('apiKeyId' in patch && { api_key_id: patch.apiKeyId ?? null }),
    ...('webhookEvents' in patch && { webhook_events: JSON.stringify(patch.webhookEvents) }),
  };
}

export const taskRow = (task: Task) => ({
  id: task.id,
  tenant_id: task.tenantId,
  agent_id: task.agentId,
  name: task.name,
  description: task.description ?? null,
  to_number: task.toNumber,
  starting_message: task.startingMessage ?? null,
  context_data: JSON.stringify(task.contextData),
  priority: task.priority,
  scheduled_at_ms: task.scheduledAtMs ?? null,
  webhook_url: task.webhookUrl ?? null,
  webhook_events: JSON.stringify(task.webhookEvents),
  status: task.status,
  call_id: task.callId ?? null,
  failure_reason: task.failureReason ?? null,
  call_window: jsonColumn(task.callWindow),
  retry: jsonColumn(task.retry),
  attempts: task.attempts,
  retry_waits: null,
  due_at_ms: task.scheduledAtMs ?? null,
  next_attempt_at_ms: task.nextAttemptAtMs ?? null,
  api_key_id: task.apiKeyId ?? null,
  created_at_ms: task.createdAtMs,
  updated_at_ms: task.updatedAtMs,
});

const ContextJson = z.record(z.string(), z.unknown());
const EventsJson = z.array(z.enum(TASK_EVENTS));

/** CHECK constraints keep these casts honest. */
export const toTask = (row: Selectable<TasksTable>): Task => ({
  id: row.id as TaskId,
  tenantId: row.tenant_id as TenantId,
  agentId: row.agent_id as AgentId,
  name: row.name,
  description: row.description ?? undefined,
  toNumber: row.to_number,
  startingMessage: row.starting_message ?? undefined,
  contextData: ContextJson.parse(JSON.parse(row.context_data)),
  priority: row.priority,
  scheduledAtMs: row.scheduled_at_ms ?? undefined,
  webhookUrl: row.webhook_url ?? undefined,
  webhookEvents: EventsJson.parse(JSON.parse(row.webhook_events)),
  status: row.status as TaskStatus,
  callId: (row.call_id ?? undefined) as CallId | undefined,
  failureReason: row.failure_reason ?? undefined,
  callWindow: toWindow(row.call_window),
  retry: toRetry(row.retry),
  attempts: row.attempts,
  nextAttemptAtMs: row.status === 'pending' ? (row.next_attempt_at_ms ?? undefined) : undefined,
  apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
