import type { Kysely, Transaction } from 'kysely';
import { AppError } from '../core/errors.js';
import type { AgentId, ApiKeyId, TaskId, TenantId } from '../core/ids.js';
import type { Call } from '../domain/call.js';
import type { Listed, Page } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import { type RetryWaits, retryOutcomeOf } from '../domain/retry-policy.js';
import type { Task, TaskPatch, TaskStatus } from '../domain/task.js';
import { callRow } from './call-rows.js';
import { toWaits } from './policy-rows.js';
import type { Tables } from './tables.js';
import { patchColumns, taskRow, toTask } from './task-rows.js';

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
      await trx.insertInto('tasks').values(taskRow(task)).execute();
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
      .set((eb) => ({
        ...patchColumns(patch),
        // What put it off may not hold any more; whoever looks at it next decides anew.
        next_attempt_at_ms: 'scheduledAtMs' in patch ? (patch.scheduledAtMs ?? null) : eb.ref('due_at_ms'),
        updated_at_ms: nowMs,
      }))
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

  async reset(
    tenant: TenantId,
    id: TaskId,
    { nowMs, apiKeyId }: { nowMs: number; apiKeyId?: ApiKeyId | undefined },
  ): Promise<Task | undefined> {
    const row = await this.#db
      .updateTable('tasks')
      .set((eb) => ({
        status: 'pending',
        failure_reason: null,
        attempts: 0,
        due_at_ms: eb.ref('scheduled_at_ms'),
        next_attempt_at_ms: eb.ref('scheduled_at_ms'),
        ...(apiKeyId !== undefined && { api_key_id: apiKeyId }),
        updated_at_ms: nowMs,
      }))
      .where('tenant_id', '=', tenant)
      .where('id', '=', id)
      .where('status', '<>', 'pending')
      .returningAll()
      .executeTakeFirst();
    return row && toTask(row);
  }

  claim(task: Task, call: Call, waits: RetryWaits): Promise<boolean> {
    return this.#db.transaction().execute(async (trx) => {
      const claimed = await trx
        .updateTable('tasks')
        .set({
          status: 'in_progress',
          call_id: call.id,
          api_key_id: call.apiKeyId ?? null,
          failure_reason: null,
          attempts: task.attempts + 1,
          retry_waits: JSON.stringify(waits),
          updated_at_ms: call.startedAtMs,
        })
        .where('tenant_id', '=', call.tenantId)
        .where('id', '=', task.id)
        .where('status', '=', 'pending')
        .where('updated_at_ms', '=', task.updatedAtMs)
        .where('attempts', '=', task.attempts)
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

  async putOff(tasks: readonly Task[], untilMs: number): Promise<void> {
    await this.#db
      .updateTable('tasks')
      .set({ next_attempt_at_ms: untilMs })
      .where((eb) =>
        eb.or(tasks.map(({ id, updatedAtMs }) => eb.and([eb('id', '=', id), eb('updated_at_ms', '=', updatedAtMs)]))),
      )
      .where('status', '=', 'pending')
      .execute();
  }

  async tenantsDue(nowMs: number): Promise<TenantId[]> {
    const rows = await this.#db
      .selectFrom('tenants')
      .select('id')
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('tasks')
            .select('tasks.id')
            .whereRef('tasks.tenant_id', '=', 'tenants.id')
            .where('tasks.status', '=', 'pending')
            .where('tasks.next_attempt_at_ms', '<=', nowMs),
        ),
      )
      .execute();
    return rows.map(({ id }) => id as TenantId);
  }

  async due(tenant: TenantId, nowMs: number, page: Page, exceptKeys: ReadonlySet<ApiKeyId> = new Set()): Promise<Task[]> {
    let selected = this.#db.selectFrom('tasks').selectAll();
    if (exceptKeys.size > 0) {
      selected = selected.where((eb) => eb.or([eb('api_key_id', 'is', null), eb('api_key_id', 'not in', [...exceptKeys])]));
    }
    const rows = await selected
      .where('tenant_id', '=', tenant)
      .where('status', '=', 'pending')
      .where('next_attempt_at_ms', '<=', nowMs)
      .orderBy('priority', 'desc')
      .orderBy('due_at_ms')
      .orderBy('serial')
      .limit(page.limit)
      .offset(page.offset)
      .execute();
    return rows.map(toTask);
  }

  async nextAttemptMs(afterMs?: number): Promise<number | undefined> {
    let selected = this.#db.selectFrom('tasks').select('next_attempt_at_ms').where('status', '=', 'pending');
    selected = selected.where('next_attempt_at_ms', 'is not', null);
    if (afterMs !== undefined) selected = selected.where('next_attempt_at_ms', '>', afterMs);
    const row = await selected.orderBy('next_attempt_at_ms').limit(1).executeTakeFirst();
    return row?.next_attempt_at_ms ?? undefined;
  }
}

/**
 * Ends the task of a call that has ended, or lets it wait for its next attempt, in the transaction that stores the end. A task
 * that was reset meanwhile is not this call's any more.
 */
export async function endTaskOf(trx: Transaction<Tables>, call: Call): Promise<void> {
  if (call.taskId === undefined || (call.status !== 'completed' && call.status !== 'failed')) return;
  const row = await trx
    .selectFrom('tasks')
    .select('retry_waits')
    .where('id', '=', call.taskId)
    .where('call_id', '=', call.id)
    .where('status', '=', 'in_progress')
    .executeTakeFirst();
  if (!row) return;
  const endedAtMs = Math.round(call.endedAtMs ?? call.startedAtMs);
  const outcome = retryOutcomeOf(call);
  const waitMs = outcome && toWaits(row.retry_waits)?.[outcome];
  await trx
    .updateTable('tasks')
    .set({
      ...(waitMs === undefined ? ended(call) : waitingUntil(endedAtMs + waitMs)),
      retry_waits: null,
      updated_at_ms: endedAtMs,
    })
    .where('id', '=', call.taskId)
    .execute();
}

const ended = (call: Call) => ({
  status: call.status,
  failure_reason: call.status === 'failed' ? (call.termination?.reason ?? null) : null,
});

const waitingUntil = (dueAtMs: number) => ({
  status: 'pending',
  failure_reason: null,
  due_at_ms: dueAtMs,
  next_attempt_at_ms: dueAtMs,
});
