import type { Clock } from '../core/clock.js';
import type { DialGuard, DialVerdict } from '../domain/ports/dial-guard.js';
import type { DoNotCallRepository } from '../domain/ports/do-not-call-repository.js';
import type { Task } from '../domain/task.js';

/** Keeps numbers on the do-not-call list from being dialled, whenever they were listed. */
export class DoNotCallGuard implements DialGuard {
  readonly #list: Pick<DoNotCallRepository, 'find'>;
  readonly #clock: Clock;

  constructor(deps: { list: Pick<DoNotCallRepository, 'find'>; clock: Clock }) {
    this.#list = deps.list;
    this.#clock = deps.clock;
  }

  async check(task: Task): Promise<DialVerdict> {
    const listed = await this.#list.find(task.tenantId, task.toNumber, this.#clock.nowMs());
    return listed ? { allowed: false, reason: 'do_not_call' } : { allowed: true };
  }
}
