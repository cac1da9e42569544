import { AppError } from '../core/errors.js';
import type { Task } from '../domain/task.js';
import type { CallTime, NoCallTime } from './call-calendar.js';

const NEVER: Readonly<Record<NoCallTime, string>> = {
  bad_timezone: 'is not a time zone such as Europe/Berlin',
  unknown_timezone: 'is needed: no time zone is known for this number',
  no_common_hours: "is needed: the hours never come together in all the time zones of this number's country",
};

/** A task that could never be called. */
export function withoutHours(why: NoCallTime): AppError {
  return new AppError('invalid_request', `no hours to call in: ${why}`, {
    faults: [{ field: 'call_window.timezone', message: NEVER[why] }],
  });
}

/** Somebody wants to call at a time at which the callee is not to be called. */
export function outOfHours({ id }: Pick<Task, 'id'>, time: CallTime): AppError {
  const publicMessage =
    'never' in time
      ? `The task can never be called: call_window.timezone ${NEVER[time.never]}`
      : `Outside the hours in which this number may be called; they begin at ${new Date(time.openMs).toISOString()}`;
  return new AppError('conflict', `task ${id} is outside its hours`, { publicMessage });
}
