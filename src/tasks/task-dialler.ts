import { isBlockedNumber } from '../agents/blocked-number.js';
import { AppError, type ErrorCode } from '../core/errors.js';
import type { TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { Call } from '../domain/call.js';
import type { CallPlacer } from '../domain/ports/call-control.js';
import type { DialGuard } from '../domain/ports/dial-guard.js';
import type { AgentRepository } from '../domain/ports/repositories.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import { waitsAfter } from '../domain/retry-policy.js';
import type { Task } from '../domain/task.js';
import type { CallCalendar, CallTime } from './call-calendar.js';
import { DialRefused } from './dial-refused.js';
import type { OutboundPolicies } from './outbound-policies.js';

export type TaskDiallerDeps = {
  tasks: Pick<TaskRepository, 'claim' | 'find' | 'fail'>;
  agents: Pick<AgentRepository, 'findLive'>;
  calls: CallPlacer;
  policies: Pick<OutboundPolicies, 'of'>;
  calendar: CallCalendar;
  guard: DialGuard;
  log: Logger;
};

/** What came of the scheduler's attempt to call a task. `settled`: it is not waiting to be called any more, without our call. */
export type Attempt =
  | { is: 'called' | 'settled' }
  /** Its window is closed until then. */
  | { is: 'closed'; openMs: number }
  /** Its line is not free for so long. */
  | { is: 'blocked'; waitMs: number }
  /** Its API key may place no more calls for so long. */
  | { is: 'exhausted'; waitMs: number }
  /** No other task of its tenant would fare better now. */
  | { is: 'stuck' };

/** What makes a task impossible, against what is only not possible now. */
const HOPELESS: Partial<Record<ErrorCode, string>> = {
  agent_not_found: 'agent_not_found',
  agent_disabled: 'agent_disabled',
  forbidden: 'number_not_allowed',
  destination_not_allowed: 'number_not_allowed',
};
/** Calls are handed to the line this long before their turn, so that it never waits for the database. */
const AHEAD_MS = 100;

/** Turns a pending task into a call, if everything that has a say in it agrees. */
export class TaskDialler {
  readonly #deps: TaskDiallerDeps;

  constructor(deps: TaskDiallerDeps) {
    this.#deps = deps;
  }

  /** When a task may be called, from `atMs` on. */
  async callTime(task: Pick<Task, 'tenantId' | 'toNumber' | 'callWindow'>, atMs: number): Promise<CallTime> {
    const { hours } = await this.#deps.policies.of(task.tenantId);
    return this.#deps.calendar.next(task, hours, atMs);
  }

  /** The scheduler's way: at the right time only, and what is impossible fails the task. Never rejects for a reason of this task alone. */
  async attempt(task: Task, nowMs: number): Promise<Attempt> {
    const time = await this.callTime(task, nowMs);
    if ('never' in time) return this.#fail(task, time.never, nowMs);
    if (time.openMs > nowMs) return { is: 'closed', openMs: time.openMs };
    try {
      const waitMs = this.#deps.calls.waitMs(task.tenantId, task.toNumber, task.apiKeyId);
      if (waitMs > AHEAD_MS) return { is: 'blocked', waitMs: waitMs - AHEAD_MS };
      await this.carryOut(task);
      return { is: 'called' };
    } catch (error) {
      return this.#notCalled(task, error, nowMs);
    }
  }

  /**
   * Calls a pending task as it was read, now.
   *
   * @throws AppError `agent_not_found`, `agent_disabled`, `conflict` when it is not as it was read any more, `task_not_found`,
   * `DialRefused`, and what `CallPlacer.prepare` throws.
   */
  async carryOut(task: Task): Promise<Call> {
    const { agents, calls, guard, policies, tasks } = this.#deps;
    const agent = await agents.findLive(task.tenantId, task.agentId);
    if (!agent) throw new AppError('agent_not_found', `task ${task.id} has lost its agent`);
    if (!agent.enabled) throw new AppError('agent_disabled', `agent ${agent.id} of task ${task.id} is disabled`);
    if (isBlockedNumber(agent, task.toNumber)) throw new DialRefused(task.id, 'blocked_phone_type');
    const retry = task.retry ?? (await policies.of(task.tenantId)).retry;
    const { toNumber: number, startingMessage, contextData, id: taskId, apiKeyId } = task;
    const prepared = calls.prepare({ agent, number, startingMessage, contextData, taskId, apiKeyId });
    let claimed = false;
    try {
      const verdict = await guard.check(task);
      if (!verdict.allowed) throw new DialRefused(task.id, verdict.reason);
      claimed = await tasks.claim(task, prepared.call, waitsAfter(task.attempts + 1, retry));
    } finally {
      if (claimed) prepared.start({ recorded: true });
      else prepared.release();
    }
    if (claimed) return prepared.call;
    throw await this.#lost(task.tenantId, task);
  }

  /** Somebody else executed, changed or deleted it at the same moment. */
  async #lost(tenant: TenantId, { id }: Task): Promise<AppError> {
    const present = await this.#deps.tasks.find(tenant, id);
    if (!present) return new AppError('task_not_found', `no task ${id}`);
    const publicMessage =
      present.status === 'pending'
        ? 'The task was changed at the same moment'
        : `Only pending tasks can be executed; this one is ${present.status}`;
    return new AppError('conflict', `task ${id} is not as it was read`, { publicMessage });
  }

  async #notCalled(task: Task, error: unknown, nowMs: number): Promise<Attempt> {
    if (error instanceof DialRefused) return this.#fail(task, error.reason, nowMs);
    const { code, retryAfterMs: waitMs } = error instanceof AppError ? error : new AppError('internal', 'not expected');
    if (code === 'key_limit_reached' && waitMs !== undefined) return { is: 'exhausted', waitMs };
    if (code === 'conflict' || code === 'task_not_found') return { is: 'settled' };
    const reason = HOPELESS[code];
    if (reason !== undefined) return this.#fail(task, reason, nowMs);
    this.#deps.log.warn({ err: error, taskId: task.id }, 'task not called yet');
    return { is: 'stuck' };
  }

  async #fail(task: Task, reason: string, nowMs: number): Promise<Attempt> {
    await this.#deps.tasks.fail(task.id, reason, nowMs);
    this.#deps.log.warn({ taskId: task.id, reason }, 'task failed without a call');
    return { is: 'settled' };
  }
}
