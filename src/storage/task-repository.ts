import type { Kysely, Selectable, Transaction } from 'kysely';
import { z } from 'zod';
import { AppError } from '../core/errors.js';
import type { AgentId, CallId, TaskId, TenantId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import { TASK_EVENTS, type Task, type TaskPatch, type TaskStatus } from '../domain/task.js';
import { callRow } from './call-rows.js';
import type { Tables, TasksTable } from './tables.js';

export class SqlTaskRepository implements TaskRepository {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async insert(task: Task): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const agent = await trx
        .selectFrom('agents')
        .select('id')
        .where('tenant_id', '=', task.tenantId)
        .where('id', '=', task.agentId)
        .where('deleted_at_ms', 'is', null)
        .executeTakeFirst();
      if (!agent) throw new AppError('agent_not_found', `no agent ${task.agentId} for task`);
      await trx.insertInto('tasks').values(rowOf(task)).execute();
    });
  }

  async find(tenant: TenantId, id: TaskId): Promise<Task | undefined> {
    const row = await this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toTask(row);
  }

  async list(
    tenant: TenantId,
    filter: { agentId?: AgentId | undefined; status?: TaskStatus | undefined },
    page: Page,
  ): Promise<Listed<Task>> {
    let selected = this.#db.selectFrom('tasks').where('tenant_id', '=', tenant);
    if (filter.agentId !== undefined) selected = selected.where('agent_id', '=', filter.agentId);
    if (filter.status !== undefined) selected = selected.where('status', '=', filter.status);
    const { total } = await selected.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await selected.selectAll().orderBy('serial', 'desc').limit(page.limit).offset(page.offset).execute();
    return { items: rows.map(toTask), total };
  }

  async patch(tenant: TenantId, id: TaskId, patch: TaskPatch, nowMs: number): Promise<Task | undefined> {
    const row = await this.#db
      .updateTable('tasks')
      .set({ ...patchColumns(patch), updated_at_ms: nowMs })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .returningAll()
      .executeTakeFirst();
    return row && toTask(row);
  }

  async delete(tenant: TenantId, id: TaskId): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('tasks')
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', 'in', ['pending', 'failed'])
      .executeTakeFirst();
    return deleted.numDeletedRows === 1n;
  }

  async reset(tenant: TenantId, id: TaskId, nowMs: number): Promise<Task | undefined> {
    const row = await this.#db
      .updateTable('tasks')
      .set({ status: 'pending', failure_reason: null, updated_at_ms: nowMs })
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', '<>', 'pending')
      .returningAll()
      .executeTakeFirst();
    return row && toTask(row);
  }

  claim(task: Task, call: Call): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const claimed = await trx
        .updateTable('tasks')
        .set({ status: 'in_progress', call_id: call.id, failure_reason: null, updated_at_ms: call.startedAtMs })
        .where('tenant_id', '=', call.tenantId)
        .where('id', '=', task.id)
        .where('status', '=', 'pending')
        .where('updated_at_ms', '=', task.updatedAtMs)
        .executeTakeFirst();
      if (claimed.numUpdatedRows !== 1n) return false;
      await trx.insertInto('calls').values(callRow(call)).execute();
      return true;
    });
  }

  async fail(id: TaskId, reason: string, nowMs: number): Promise<void> {
    await this.#db
      .updateTable('tasks')
      .set({ status: 'failed', failure_reason: reason, updated_at_ms: nowMs })
      .where('id', '=', id)
      .where('status', '=', 'pending')
      .execute();
  }

  async due(nowMs: number, limit: number): Promise<Task[]> {
    const rows = await this.#db
      .selectFrom('tasks')
      .selectAll()
      .where('status', '=', 'pending')
      .where('scheduled_at_ms', '<=', nowMs)
      .orderBy('priority', 'desc')
      .orderBy('scheduled_at_ms')
      .orderBy('serial')
      .limit(limit)
      .execute();
    return rows.map(toTask);
  }

  async nextDueMs(nowMs: number): Promise<number | undefined> {
    const row = await this.#db
      .selectFrom('tasks')
      .select('scheduled_at_ms')
      .where('status', '=', 'pending')
      .where('scheduled_at_ms', '>', nowMs)
      .orderBy('scheduled_at_ms')
      .limit(1)
      .executeTakeFirst();
    return row?.scheduled_at_ms ?? undefined;
  }
}

/** Ends the task of a call that has ended, in the transaction that stores the end. A task that was reset meanwhile is not this call's any more. */
export async function endTaskOf(trx: Transaction<Tables>, call: Call): Promise<void> {
  if (call.taskId === undefined || (call.status !== 'completed' && call.status !== 'failed')) return;
  await trx
    .updateTable('tasks')
    .set({
      status: call.status,
      failure_reason: call.status === 'failed' ? (call.termination?.reason ?? null) : null,
      updated_at_ms: Math.round(call.endedAtMs ?? call.startedAtMs),
    })
    .where('id', '=', call.taskId)
    .where('call_id', '=', call.id)
    .where('status', '=', 'in_progress')
    .execute();
}

function patchColumns(patch: TaskPatch) {
  return {
    ...('name' in patch && { name: patch.name }),
    ...('toNumber' in patch && { to_number: patch.toNumber }),
    ...('priority' in patch && { priority: patch.priority }),
    ...('description' in patch && { description: patch.description ?? null }),
    ...('startingMessage' in patch && { starting_message: patch.startingMessage ?? null }),
    ...('contextData' in patch && { context_data: JSON.stringify(patch.contextData) }),
    ...('scheduledAtMs' in patch && { scheduled_at_ms: patch.scheduledAtMs ?? null }),
    ...('webhookUrl' in patch && { webhook_url: patch.webhookUrl ?? null }),
    ...('webhookEvents' in patch && { webhook_events: JSON.stringify(patch.webhookEvents) }),
  };
}

const rowOf = (task: Task) => ({
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
  created_at_ms: task.createdAtMs,
  updated_at_ms: task.updatedAtMs,
});

const ContextJson = z.record(z.string(), z.unknown());
const EventsJson = z.array(z.enum(TASK_EVENTS));

const toTask = (row: Selectable<TasksTable>): Task => ({
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
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
