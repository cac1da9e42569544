import type { Task } from '../task.js';

/** `reason` becomes the task's failure reason: one word in snake case, such as `do_not_call`. */
export type DialVerdict = { allowed: true } | { allowed: false; reason: string };

/** The last word on a task that is about to be called, by the scheduler or by somebody who executes it. */
export interface DialGuard {
  /**
   * Asked once for each attempt, right before the task is claimed; what changes later finds a call under way.
   *
   * A rejection means that nobody knows, and then nobody is called: the scheduler asks again later.
   */
  check(task: Task): Promise<DialVerdict>;
}

/** Lets every task through. */
export const openDialGuard: DialGuard = { check: () => Promise.resolve({ allowed: true }) };
