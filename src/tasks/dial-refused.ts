import { AppError } from '../core/errors.js';
import type { TaskId } from '../core/ids.js';

/** The guard does not let a task be called. */
export class DialRefused extends AppError {
  /** As the guard named it; the failure reason of a task that the scheduler was to call. */
  readonly reason: string;

  constructor(id: TaskId, reason: string) {
    super('conflict', `task ${id} may not be called: ${reason}`, { publicMessage: `This number may not be called: ${reason}` });
    this.reason = reason;
  }
}
