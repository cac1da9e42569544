import type { ApiKeyId, TenantId } from '../core/ids.js';
import type { CallPlacer } from '../domain/ports/call-control.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import type { Task } from '../domain/task.js';
import type { TaskDialler } from './task-dialler.js';

export type TenantTurnDeps = {
  tasks: Pick<TaskRepository, 'due' | 'putOff'>;
  calls: Pick<CallPlacer, 'room'>;
  dialler: Pick<TaskDialler, 'attempt'>;
};

/** `none`: nothing of this tenant is due any more; otherwise how long until it is worth to ask again. */
export type Turn = 'called' | 'none' | { waitMs: number };

/** Tasks read at a time. */
const BATCH = 20;
/** How many tasks whose line is blocked are passed over in search of one whose line is not. */
const MAX_PASSED_OVER = 100;
/** What will go soon is waited for, so that the order is kept. */
const SOON_MS = 1000;
/** The end of a call wakes the scheduler; the time is for safety, and for what nobody tells about. */
export const RETRY_MS = 5_000;

/** The due tasks of one tenant, in their order. They are read as they are needed, and what is read is good for one look of the scheduler. */
export class TenantTurns {
  readonly tenant: TenantId;
  readonly #deps: TenantTurnDeps;
  readonly #nowMs: number;
  #batch: Task[] = [];
  #passedOver = 0;
  #waitMs = Number.POSITIVE_INFINITY;
  /** Keys that may place no more calls now. */
  readonly #exhausted = new Set<ApiKeyId>();
  /** By the opening of their windows. */
  #closed = new Map<number, Task[]>();

  constructor(tenant: TenantId, nowMs: number, deps: TenantTurnDeps) {
    this.tenant = tenant;
    this.#nowMs = nowMs;
    this.#deps = deps;
  }

  /** Calls the first task that can be called now. Tasks whose window is closed are put off on the way, those that are impossible fail. */
  async next(): Promise<Turn> {
    if (this.#deps.calls.room(this.tenant) === 0) return { waitMs: RETRY_MS };
    try {
      return await this.#next();
    } finally {
      await this.#putOffClosed();
    }
  }

  async #next(): Promise<Turn> {
    for (;;) {
      const task = await this.#read();
      if (!task) return Number.isFinite(this.#waitMs) ? { waitMs: this.#waitMs } : 'none';
      const attempt = await this.#deps.dialler.attempt(task, this.#nowMs);
      if (attempt.is === 'called') return 'called';
      if (attempt.is === 'stuck') return { waitMs: RETRY_MS };
      if (attempt.is === 'closed') this.#closed.set(attempt.openMs, [...(this.#closed.get(attempt.openMs) ?? []), task]);
      if (attempt.is === 'exhausted') this.#passOverKey(task, attempt.waitMs);
      if (attempt.is !== 'blocked') continue;
      if (attempt.waitMs < SOON_MS) return { waitMs: attempt.waitMs };
      this.#waitMs = Math.min(this.#waitMs, attempt.waitMs);
      this.#passedOver += 1;
      if (this.#passedOver >= MAX_PASSED_OVER) return { waitMs: this.#waitMs };
    }
  }

  /** All of its tasks at once, however many there are: those of others are not to wait for them. */
  #passOverKey({ apiKeyId }: Task, waitMs: number): void {
    if (apiKeyId !== undefined) this.#exhausted.add(apiKeyId);
    this.#waitMs = Math.min(this.#waitMs, waitMs);
    this.#batch = [];
    this.#passedOver = 0;
  }

  async #read(): Promise<Task | undefined> {
    if (this.#batch.length === 0) {
      // What is read again must not be among those that are about to be put off.
      await this.#putOffClosed();
      const page = { limit: BATCH, offset: this.#passedOver };
      this.#batch = await this.#deps.tasks.due(this.tenant, this.#nowMs, page, this.#exhausted);
    }
    return this.#batch.shift();
  }

  async #putOffClosed(): Promise<void> {
    const closed = [...this.#closed];
    this.#closed = new Map();
    for (const [openMs, tasks] of closed) await this.#deps.tasks.putOff(tasks, openMs);
  }
}
