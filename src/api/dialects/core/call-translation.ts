import type { z } from 'zod';
import type { AgentId, TaskId } from '../../../core/ids.js';
import type { CallFilter } from '../../../domain/ports/repositories.js';
import type { CallsQuery } from './call-query-schema.js';

export const toCallFilter = (query: Omit<z.output<typeof CallsQuery>, 'limit' | 'offset' | 'cursor'>): CallFilter => ({
  agentId: query.agent_id?.toLowerCase() as AgentId | undefined,
  taskId: query.task_id?.toLowerCase() as TaskId | undefined,
  status: query.status,
  direction: query.direction,
  result: query.result,
  outcome: query.outcome,
  endedBy: query.ended_by,
  from: query.from,
  to: query.to,
  number: query.number,
  startedAfterMs: query.started_after,
  startedBeforeMs: query.started_before,
  minDurationMs: query.min_duration === undefined ? undefined : query.min_duration * 1000,
  search: query.search,
});
