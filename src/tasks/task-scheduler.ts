import type { Cancel, Clock } from '../core/clock.js';
import { AppError, type ErrorCode } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import type { Call } from '../domain/call.js';
import type { CallPlacer } from '../domain/ports/call-control.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { Task } from '../domain/task.js';
import { DialRefused } from './dial-refused.js';

export type TaskSchedulerDeps = {
  tasks: Pick<TaskRepository, 'due' | 'nextDueMs' | 'fail'>;
  /** Calls now. */
  carryOut: (task: Task) => Promise<Call>;
  room: CallPlacer['room'];
  clock: Clock;
  log: Logger;
};

/** Tasks read at a time. */
const BATCH = 20;
/** Calls are handed to the dialler this long before their turn, so that it never waits for the database. */
const AHEAD_MS = 100;
/** The clock on the wall may be set, so no wait for a time is longer. */
const LONGEST_WAIT_MS = 30_000;
const RETRY_MS = 5_000;

/** What makes a task impossible, against what is only not possible now. */
const HOPELESS: Partial<Record<ErrorCode, string>> = {
  agent_not_found: 'agent_not_found',
  agent_disabled: 'agent_disabled',
  forbidden: 'number_not_allowed',
};

/**
 * Calls the tasks whose time has come: the highest priority first, then the earliest, as fast and as many as the dialler has room for.
 *
 * It keeps nothing in memory: what is due stands in the database, and who calls it is decided there.
 */
export class TaskScheduler {
  readonly #deps: TaskSchedulerDeps;
  #round: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #cancelTimer: Cancel = () => {};

  constructor(deps: TaskSchedulerDeps) {
    this.#deps = deps;
  }

  /** Looks now: at the start, and whenever a task was scheduled or a call has made room. */
  wake(): void {
    if (this.#closed) return;
    this.#again = true;
    this.#round ??= this.#rounds();
  }

  /** Resolves when nothing more will be called. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#round;
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      this.#cancelTimer();
      const waitMs = await this.#lookOnce().catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'tasks not looked at');
        return RETRY_MS;
      });
      if (waitMs <= 0) this.#again = true;
      if (!this.#again) this.#wakeIn(waitMs);
    }
    // In the same breath as the last look at `again`, or somebody's wake would be lost.
    this.#round = undefined;
  }

  #wakeIn(waitMs: number): void {
    if (this.#closed) return;
    this.#cancelTimer = this.#deps.clock.schedule(Math.min(waitMs, LONGEST_WAIT_MS), () => this.wake());
  }

  /** Calls what can be called now. Returns in how many milliseconds to look again; it may be time already. */
  async #lookOnce(): Promise<number> {
    const { tasks, clock } = this.#deps;
    // One moment for both questions, or a task that falls due between them would be in neither answer.
    const nowMs = clock.nowMs();
    const due = await tasks.due(nowMs, BATCH);
    for (const task of due) {
      const blockedMs = this.#blockedMs();
      if (blockedMs > 0) return blockedMs;
      if (!(await this.#callOrFail(task))) return RETRY_MS;
    }
    const nextMs = due.length === BATCH ? nowMs : await tasks.nextDueMs(nowMs);
    return nextMs === undefined ? LONGEST_WAIT_MS : nextMs - clock.nowMs();
  }

  /** How long until the dialler takes another call. When it is full, the end of a call wakes us; the time is for safety. */
  #blockedMs(): number {
    if (this.#closed) return LONGEST_WAIT_MS;
    const { calls, waitMs } = this.#deps.room();
    if (calls === 0) return RETRY_MS;
    return waitMs > AHEAD_MS ? waitMs - AHEAD_MS : 0;
  }

  /** False when no other task would fare better now. */
  async #callOrFail(task: Task): Promise<boolean> {
    const { tasks, clock, log } = this.#deps;
    try {
      await this.#deps.carryOut(task);
      return true;
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal';
      // Somebody else executed, changed or deleted it at the same moment.
      if (code === 'conflict' || code === 'task_not_found') return true;
      const reason = error instanceof DialRefused ? error.reason : HOPELESS[code];
      if (reason === undefined) {
        log.warn({ err: error, taskId: task.id }, 'task not called yet');
        return false;
      }
      await tasks.fail(task.id, reason, clock.nowMs());
      log.warn({ taskId: task.id, reason }, 'task failed without a call');
      return true;
    }
  }
}
