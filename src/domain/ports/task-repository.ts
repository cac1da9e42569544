import type { AgentId, ApiKeyId, TaskId, TenantId } from '../../core/ids.js';
import type { Call } from '../call.js';
import type { RetryWaits } from '../retry-policy.js';
import type { Task, TaskPatch, TaskStatus } from '../task.js';
import type { Listed, Page } from './repositories.js';

/** Each method is one transaction; what depends on a task's status is decided in it, so that two who ask at once do not both win. */
export interface TaskRepository {
  /** @throws AppError `agent_not_found` when the tenant has no such agent (any more). */
  insert(task: Task): Promise<void>;
  find(tenant: TenantId, id: TaskId): Promise<Task | undefined>;
  list(
    tenant: TenantId,
    filter: { agentId?: AgentId | undefined; status?: TaskStatus | undefined },
    page: Page,
  ): Promise<Listed<Task>>;
  /** Changes a pending task; undefined when there is no such task in that status. Fields that are present replace, even when undefined. */
  patch(tenant: TenantId, id: TaskId, patch: TaskPatch, nowMs: number): Promise<Task | undefined>;
  /** Deletes a pending or failed task; false when there is no such task in one of these. */
  delete(tenant: TenantId, id: TaskId): Promise<boolean>;
  /** Makes a task that is not pending pending again; undefined when there is no such task. */
  reset(tenant: TenantId, id: TaskId, at: { nowMs: number; apiKeyId?: ApiKeyId | undefined }): Promise<Task | undefined>;
  /**
   * Gives a pending task to this call, whose first record is stored with it. When the call's end is stored, the task ends as it
   * did, or after an outcome in `waits` is pending again until that time.
   *
   * False when the task is not pending or was changed since it was read, and then there is no such call.
   */
  claim(task: Task, call: Call, waits: RetryWaits): Promise<boolean>;
  /** A pending task that cannot be called. */
  fail(id: TaskId, reason: string, nowMs: number): Promise<void>;
  /** Pending tasks that are not to be looked at before this time; what was changed meanwhile is left alone. */
  putOff(tasks: readonly Task[], untilMs: number): Promise<void>;
  /** The tenants that have pending tasks whose time has come. */
  tenantsDue(nowMs: number): Promise<TenantId[]>;
  /** A tenant's pending tasks whose time has come, the most urgent first; none of these keys. */
  due(tenant: TenantId, nowMs: number, page: Page, exceptKeys?: ReadonlySet<ApiKeyId>): Promise<Task[]>;
  /** When the next pending task is to be looked at. After `afterMs`, if it is given. */
  nextAttemptMs(afterMs?: number): Promise<number | undefined>;
}
