import type { Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type AgentId, newTaskId, type TaskId, type TenantId } from '../core/ids.js';
import type { Agent } from '../domain/agent.js';
import type { Call } from '../domain/call.js';
import type { CallControl, CallPlacer } from '../domain/ports/call-control.js';
import { type DialGuard, openDialGuard } from '../domain/ports/dial-guard.js';
import type { AgentRepository, Listed, Page } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { Task, TaskPatch, TaskStatus } from '../domain/task.js';
import { DialRefused } from './dial-refused.js';

/** What an operator decides about a task. */
export type TaskDraft = Omit<Task, 'id' | 'tenantId' | 'status' | 'callId' | 'failureReason' | 'createdAtMs' | 'updatedAtMs'>;

export type TaskServiceDeps = {
  tasks: TaskRepository;
  agents: AgentRepository;
  calls: CallPlacer & Pick<CallControl, 'cancel'>;
  /** Everything may be called when absent. */
  guard?: DialGuard | undefined;
  clock: Clock;
  /** The times of tasks may have changed. */
  onScheduled?: (() => void) | undefined;
};

export class TaskService {
  readonly #deps: TaskServiceDeps;

  constructor(deps: TaskServiceDeps) {
    this.#deps = deps;
  }

  /** @throws AppError `agent_not_found` */
  async create(tenant: TenantId, draft: TaskDraft): Promise<Task> {
    const nowMs = this.#deps.clock.nowMs();
    const fresh = { status: 'pending', callId: undefined, failureReason: undefined } as const;
    const task: Task = { ...draft, ...fresh, id: newTaskId(), tenantId: tenant, createdAtMs: nowMs, updatedAtMs: nowMs };
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

  /** @throws AppError `task_not_found`, or `conflict` when it is not pending. */
  async patch(tenant: TenantId, id: TaskId, patch: TaskPatch): Promise<Task> {
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
   * @throws AppError `task_not_found`, `conflict` when it is not pending, `agent_disabled`, `DialRefused`, and what
   * `CallPlacer.prepare` throws.
   */
  async execute(tenant: TenantId, id: TaskId): Promise<Call> {
    const task = await this.get(tenant, id);
    if (task.status !== 'pending') throw notPending(task);
    return this.carryOut(task);
  }

  /**
   * Makes a task pending again. One whose call is under way is cancelled first, so that it is never called twice at once.
   *
   * @throws AppError `task_not_found`, or `conflict` when it is pending already.
   */
  async reset(tenant: TenantId, id: TaskId): Promise<Task> {
    const { tasks, calls, clock } = this.#deps;
    const present = await this.get(tenant, id);
    if (present.status === 'in_progress' && present.callId !== undefined) {
      await calls.cancel(tenant, present.callId).catch(unlessOver);
    }
    const task = present.status === 'pending' ? undefined : await tasks.reset(tenant, id, clock.nowMs());
    if (!task) throw notIn(await this.get(tenant, id), 'The task is pending already');
    this.#scheduled(task);
    return task;
  }

  /** Calls a pending task as it was read. @throws AppError as `execute` does, and `conflict` when it is not as it was read any more. */
  async carryOut(task: Task): Promise<Call> {
    const agent = await this.agentOf(task);
    if (!agent) throw new AppError('agent_not_found', `task ${task.id} has lost its agent`);
    if (!agent.enabled) throw new AppError('agent_disabled', `agent ${agent.id} of task ${task.id} is disabled`);
    const { toNumber: number, startingMessage, contextData, id: taskId } = task;
    const prepared = this.#deps.calls.prepare({ agent, number, startingMessage, contextData, taskId });
    let claimed = false;
    try {
      const verdict = await (this.#deps.guard ?? openDialGuard).check(task);
      if (!verdict.allowed) throw new DialRefused(task.id, verdict.reason);
      claimed = await this.#deps.tasks.claim(task, prepared.call);
    } finally {
      if (claimed) prepared.start({ recorded: true });
      else prepared.release();
    }
    if (claimed) return prepared.call;
    const present = await this.get(task.tenantId, task.id);
    if (present.status !== 'pending') throw notPending(present);
    throw new AppError('conflict', `task ${task.id} was changed`, { publicMessage: 'The task was changed at the same moment' });
  }

  #scheduled(task: Task): void {
    if (task.status === 'pending' && task.scheduledAtMs !== undefined) this.#deps.onScheduled?.();
  }
}

const notPending = (task: Task): AppError => notIn(task, 'Only pending tasks can be executed');

const notIn = (task: Task, rule: string): AppError =>
  new AppError('conflict', `task ${task.id} is ${task.status}`, { publicMessage: `${rule}; this one is ${task.status}` });

function unlessOver(error: unknown): void {
  if (error instanceof AppError && (error.code === 'call_already_ended' || error.code === 'call_not_found')) return;
  throw error;
}
