import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, type ApiKeyId, newTaskId, type TaskId, type TenantId } from '../core/ids.js';
import type { Agent } from '../domain/agent.js';
import type { Call } from '../domain/call.js';
import { isE164 } from '../domain/phone-number.js';
import type { CallControl } from '../domain/ports/call-control.js';
import type { AgentRepository, CallRepository, Listed, Page } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { TollGuard } from '../domain/ports/toll-guard.js';
import type { Task, TaskPatch, TaskStatus } from '../domain/task.js';
import { outOfHours, withoutHours } from './call-time-faults.js';
import type { TaskDialler } from './task-dialler.js';

/** What an operator decides about a task. */
export type TaskDraft = Omit<
  Task,
  | 'id'
  | 'tenantId'
  | 'status'
  | 'callId'
  | 'failureReason'
  | 'attempts'
  | 'nextAttemptAtMs'
  | 'apiKeyId'
  | 'createdAtMs'
  | 'updatedAtMs'
>;

export type TaskServiceDeps = {
  tasks: TaskRepository;
  agents: AgentRepository;
  calls: Pick<CallControl, 'cancel'>;
  history: Pick<CallRepository, 'list'>;
  dialler: Pick<TaskDialler, 'callTime' | 'carryOut'>;
  /** Says already when it is made that a task's number may not be called; asked again when it is. */
  tolls?: Pick<TollGuard, 'check'> | undefined;
  clock: Clock;
  /** The times of tasks may have changed. */
  onScheduled?: (() => void) | undefined;
};

/** Of a task's calls; whoever wants all of them lists the calls. */
const MAX_CALLS_LISTED = 100;

export class TaskService {
  readonly #deps: TaskServiceDeps;

  constructor(deps: TaskServiceDeps) {
    this.#deps = deps;
  }

  /**
   * `by` is the key that asks for it, as everywhere here: the task's calls are under its limits.
   *
   * @throws AppError `agent_not_found`, `invalid_request` when it could never be called within its hours, or `destination_not_allowed`.
   */
  async create(tenant: TenantId, draft: TaskDraft, by?: ApiKeyId): Promise<Task> {
    const nowMs = this.#deps.clock.nowMs();
    const fresh = { status: 'pending', callId: undefined, failureReason: undefined, attempts: 0 } as const;
    const own = { id: newTaskId(), tenantId: tenant, nextAttemptAtMs: draft.scheduledAtMs };
    const task: Task = { ...draft, ...fresh, ...own, apiKeyId: by, createdAtMs: nowMs, updatedAtMs: nowMs };
    this.#checkNumber(task);
    await this.#checkHours(task);
    await this.#deps.tasks.insert(task);
    this.#scheduled(task);
    return task;
  }

  list(
    tenant: TenantId,
    filter: { agentId?: AgentId | undefined; status?: TaskStatus | undefined },
    page: Page,
  ): Promise<Listed<Task>> {
    return this.#deps.tasks.list(tenant, filter, page);
  }

  /** @throws AppError `task_not_found` */
  async get(tenant: TenantId, id: TaskId): Promise<Task> {
    const task = await this.#deps.tasks.find(tenant, id);
    if (!task) throw new AppError('task_not_found', `no task ${id}`);
    return task;
  }

  /** The task's agent; undefined when it was deleted after the task was done. */
  agentOf(task: Task): Promise<Agent | undefined> {
    return this.#deps.agents.find(task.tenantId, task.agentId);
  }

  /** The calls that were made for a task, the newest first. */
  async callsOf(task: Task): Promise<Call[]> {
    return (await this.#deps.history.list(task.tenantId, { taskId: task.id }, { limit: MAX_CALLS_LISTED, offset: 0 })).items;
  }

  /** @throws AppError `task_not_found`, `conflict` when it is not pending, or `invalid_request` as `create` does. */
  async patch(tenant: TenantId, id: TaskId, change: TaskPatch, by?: ApiKeyId): Promise<Task> {
    const patch = by === undefined ? change : { ...change, apiKeyId: by };
    const changed = { ...(await this.get(tenant, id)), ...patch };
    if ('toNumber' in patch || by !== undefined) this.#checkNumber(changed);
    if ('toNumber' in patch || 'callWindow' in patch) await this.#checkHours(changed);
    const task = await this.#deps.tasks.patch(tenant, id, patch, this.#deps.clock.nowMs());
    if (!task) throw notIn(await this.get(tenant, id), 'Only pending tasks can be changed');
    this.#scheduled(task);
    return task;
  }

  /** @throws AppError `task_not_found`, or `conflict` when it is neither pending nor failed. */
  async delete(tenant: TenantId, id: TaskId): Promise<void> {
    const deleted = await this.#deps.tasks.delete(tenant, id);
    if (!deleted) throw notIn(await this.get(tenant, id), 'Only pending or failed tasks can be deleted');
  }

  /**
   * Calls now, whenever it was meant for.
   *
   * @throws AppError `task_not_found`, `conflict` when it is not pending or outside its hours, unless these are to be ignored,
   * and what `TaskDialler.carryOut` throws.
   */
  async execute(
    tenant: TenantId,
    id: TaskId,
    { ignoreWindow = false, by }: { ignoreWindow?: boolean; by?: ApiKeyId | undefined } = {},
  ): Promise<Call> {
    const task = await this.get(tenant, id);
    if (task.status !== 'pending') throw notPending(task);
    const nowMs = this.#deps.clock.nowMs();
    const time = await this.#deps.dialler.callTime(task, nowMs);
    if ('never' in time || (time.openMs > nowMs && !ignoreWindow)) throw outOfHours(task, time);
    return this.#deps.dialler.carryOut(by === undefined ? task : { ...task, apiKeyId: by });
  }

  /**
   * Makes a task and calls at once. What cannot be called now leaves no task behind.
   *
   * @throws AppError as `create` and `execute` do.
   */
  async callNow(tenant: TenantId, draft: TaskDraft, by?: ApiKeyId): Promise<Call> {
    const task = await this.create(tenant, draft, by);
    try {
      return await this.execute(tenant, task.id, { by });
    } catch (error) {
      await this.#deps.tasks.delete(tenant, task.id);
      throw error;
    }
  }

  /**
   * Makes a task pending again. One whose call is under way is cancelled first, so that it is never called twice at once.
   *
   * @throws AppError `task_not_found`, or `conflict` when it is pending already.
   */
  async reset(tenant: TenantId, id: TaskId, by?: ApiKeyId): Promise<Task> {
    const { tasks, calls, clock } = this.#deps;
    const present = await this.get(tenant, id);
    if (present.status === 'in_progress' && present.callId !== undefined) {
      await calls.cancel(tenant, present.callId).catch(unlessOver);
    }
    const task = present.status === 'pending' ? undefined : await tasks.reset(tenant, id, { nowMs: clock.nowMs(), apiKeyId: by });
    if (!task) throw notIn(await this.get(tenant, id), 'The task is pending already');
    this.#scheduled(task);
    return task;
  }

  /** How many calls there may be is asked when there is one. */
  #checkNumber({ tenantId, toNumber, apiKeyId }: Task): void {
    if (isE164(toNumber)) this.#deps.tolls?.check(tenantId, toNumber, { apiKeyId, counted: true });
  }

  async #checkHours(task: Pick<Task, 'tenantId' | 'toNumber' | 'callWindow'>): Promise<void> {
    const time = await this.#deps.dialler.callTime(task, this.#deps.clock.nowMs());
    if ('never' in time) throw withoutHours(time.never);
  }

  #scheduled(task: Task): void {
    if (task.nextAttemptAtMs !== undefined) this.#deps.onScheduled?.();
  }
}

const notPending = (task: Task): AppError => notIn(task, 'Only pending tasks can be executed');

const notIn = (task: Task, rule: string): AppError =>
  new AppError('conflict', `task ${task.id} is ${task.status}`, { publicMessage: `${rule}; this one is ${task.status}` });

function unlessOver(error: unknown): void {
  if (error instanceof AppError && (error.code === 'call_already_ended' || error.code === 'call_not_found')) return;
  throw error;
}
