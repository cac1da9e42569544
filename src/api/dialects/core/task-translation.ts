import type { z } from 'zod';
import type { AgentId } from '../../../core/ids.js';
import type { Agent } from '../../../domain/agent.js';
import type { Call } from '../../../domain/call.js';
import { TASK_EVENTS, type Task, type TaskPatch } from '../../../domain/task.js';
import { presentRetry, presentWindow, toRetry, toWindow } from '../../../tasks/call-policy-translation.js';
import type { TaskDraft } from '../../../tasks/task-service.js';
import { presentAgent } from './agent-translation.js';
import type { TaskCreate, TaskDetail, TaskPatchBody, TaskResource } from './task-schema.js';

export const toTaskDraft = (body: z.output<typeof TaskCreate>): TaskDraft => ({
  agentId: body.agent_id.toLowerCase() as AgentId,
  name: body.name,
  description: body.description ?? undefined,
  toNumber: body.to_number,
  startingMessage: body.starting_message || undefined,
  contextData: body.context_data ?? {},
  priority: body.priority,
  scheduledAtMs: toTime(body.scheduled_at),
  callWindow: toWindow(body.call_window),
  retry: toRetry(body.retry),
  webhookUrl: body.webhook_url ?? undefined,
  webhookEvents: body.webhook_events ?? TASK_EVENTS,
});

/** Fields that were not sent are absent, fields that were cleared are undefined. */
export function toTaskPatch(body: z.output<typeof TaskPatchBody>): TaskPatch {
  const patch: TaskPatch = {};
  if (body.name !== undefined) patch.name = body.name;
  if (body.description !== undefined) patch.description = body.description ?? undefined;
  if (body.to_number !== undefined) patch.toNumber = body.to_number;
  if (body.starting_message !== undefined) patch.startingMessage = body.starting_message || undefined;
  if (body.context_data !== undefined) patch.contextData = body.context_data;
  if (body.priority !== undefined) patch.priority = body.priority;
  if (body.scheduled_at !== undefined) patch.scheduledAtMs = toTime(body.scheduled_at);
  if (body.call_window !== undefined) patch.callWindow = toWindow(body.call_window);
  if (body.retry !== undefined) patch.retry = toRetry(body.retry);
  if (body.webhook_url !== undefined) patch.webhookUrl = body.webhook_url ?? undefined;
  if (body.webhook_events !== undefined) patch.webhookEvents = body.webhook_events;
  return patch;
}

export const presentTask = (task: Task): z.input<typeof TaskResource> => ({
  id: task.id,
  agent_id: task.agentId,
  name: task.name,
  description: task.description ?? null,
  to_number: task.toNumber,
  starting_message: task.startingMessage ?? null,
  context_data: task.contextData,
  priority: task.priority,
  scheduled_at: isoTime(task.scheduledAtMs),
  call_window: presentWindow(task.callWindow),
  retry: presentRetry(task.retry),
  webhook_url: task.webhookUrl ?? null,
  webhook_events: [...task.webhookEvents],
  status: task.status,
  call_id: task.callId ?? null,
  failure_reason: task.failureReason ?? null,
  attempts: task.attempts,
  next_attempt_at: isoTime(task.nextAttemptAtMs),
  api_key_id: task.apiKeyId ?? null,
  created_at: new Date(task.createdAtMs).toISOString(),
  updated_at: new Date(task.updatedAtMs).toISOString(),
});

export const presentTaskDetail = (task: Task, agent: Agent | undefined, calls: readonly Call[]): z.input<typeof TaskDetail> => ({
  ...presentTask(task),
  agent: agent ? presentAgent(agent) : null,
  calls: calls.map(presentTaskCall),
});

const presentTaskCall = (call: Call): z.input<typeof TaskDetail>['calls'][number] => ({
  call_id: call.id,
  status: call.status,
  started_at: new Date(call.startedAtMs).toISOString(),
  ended_at: isoTime(call.endedAtMs),
  end_reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
});

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

const toTime = (iso: string | null | undefined): number | undefined =>
  iso === null || iso === undefined ? undefined : Date.parse(iso);
