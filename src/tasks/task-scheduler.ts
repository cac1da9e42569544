import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import { LONGEST_WAIT_MS, Lookout } from '../core/lookout.js';
import type { TaskRepository } from '../domain/ports/task-repository.js';
import { RETRY_MS, type TenantTurnDeps, TenantTurns } from './tenant-turn.js';

export type TaskSchedulerDeps = TenantTurnDeps & {
  tasks: Pick<TaskRepository, 'tenantsDue' | 'nextAttemptMs'>;
  clock: Clock;
  log: Logger;
};

/** When so many tenants in turn cannot call, the others are hardly better off: they are asked first at the next look. */
const MAX_VAIN_TURNS = 20;

/**
 * Calls the tasks whose time has come, as fast and as many as there is room for. Tenants take turns, one call each, so that none
 * waits for the thousands of another; of one tenant the highest priority goes first, then the earliest.
 *
 * It keeps nothing that matters in memory: what is due stands in the database, and who calls it is decided there.
 */
export class TaskScheduler {
  readonly #deps: TaskSchedulerDeps;
  readonly #lookout: Lookout;
  /** Who had the last turn stands last. */
  readonly #lastTurn = new Map<TenantId, number>();
  #turns = 0;

  constructor(deps: TaskSchedulerDeps) {
    this.#deps = deps;
    const onError = (error: unknown): number => {
      deps.log.error({ err: error }, 'tasks not looked at');
      return RETRY_MS;
    };
    this.#lookout = new Lookout({ look: () => this.#lookOnce(), onError, clock: deps.clock });
  }

  /** Looks now: at the start, and whenever a task was scheduled or a call has made room. */
  wake(): void {
    this.#lookout.wake();
  }

  /** Resolves when nothing more will be called. Idempotent. */
  close(): Promise<void> {
    return this.#lookout.close();
  }

  /** Calls what can be called now. Returns in how many milliseconds to look again; it may be time already. */
  async #lookOnce(): Promise<number> {
    const { tasks, clock } = this.#deps;
    // One moment for all questions, or a task that falls due between them would be in no answer.
    const nowMs = clock.nowMs();
    const firstMs = await tasks.nextAttemptMs();
    if (firstMs === undefined) return LONGEST_WAIT_MS;
    if (firstMs > nowMs) return firstMs - clock.nowMs();
    const waitMs = await this.#takeTurns(nowMs);
    const nextMs = await tasks.nextAttemptMs(nowMs);
    return Math.min(waitMs, nextMs === undefined ? LONGEST_WAIT_MS : nextMs - clock.nowMs());
  }

  async #takeTurns(nowMs: number): Promise<number> {
    const { tasks, calls } = this.#deps;
    const due = await tasks.tenantsDue(nowMs);
    const lastTurn = (tenant: TenantId): number => this.#lastTurn.get(tenant) ?? 0;
    let waiting = due.sort((a, b) => lastTurn(a) - lastTurn(b)).map((tenant) => new TenantTurns(tenant, nowMs, this.#deps));
    let waitMs = LONGEST_WAIT_MS;
    let vain = 0;
    while (waiting.length > 0) {
      const inTurn = waiting;
      waiting = [];
      for (const turns of inTurn) {
        if (this.#lookout.closed) return LONGEST_WAIT_MS;
        if (calls.room() === 0) return RETRY_MS;
        this.#turns += 1;
        this.#lastTurn.set(turns.tenant, this.#turns);
        const turn = await turns.next();
        if (turn === 'called') waiting.push(turns);
        if (typeof turn === 'string') continue;
        waitMs = Math.min(waitMs, turn.waitMs);
        vain += 1;
        if (vain >= MAX_VAIN_TURNS) return waitMs;
      }
    }
    return waitMs;
  }
}
