import type { Clock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { CallControl, CallPlacer } from '../../src/domain/ports/call-control.js';
import { type DialGuard, openDialGuard } from '../../src/domain/ports/dial-guard.js';
import type { OutboundPolicy } from '../../src/domain/ports/outbound-policy.js';
import type { Database } from '../../src/storage/database.js';
import { CallCalendar } from '../../src/tasks/call-calendar.js';
import { OutboundPolicies } from '../../src/tasks/outbound-policies.js';
import { TaskDialler } from '../../src/tasks/task-dialler.js';
import { TaskScheduler } from '../../src/tasks/task-scheduler.js';
import { TaskService } from '../../src/tasks/task-service.js';

type Given = {
  database: Database;
  calls: CallPlacer & Pick<CallControl, 'cancel'>;
  clock: Clock;
  guard?: DialGuard;
  common?: OutboundPolicy;
  /** The scheduler is woken when absent. */
  onScheduled?: () => void;
};

const NOTHING: OutboundPolicy = { hours: undefined, retry: undefined };

/** Everything that has to do with tasks, on a real database, as the server puts it together. */
export function taskParts({ database, calls, clock, guard = openDialGuard, common = NOTHING, onScheduled }: Given) {
  const policies = new OutboundPolicies({ stored: database.outboundPolicies, common, clock });
  const deps = { tasks: database.tasks, agents: database.agents, calls, clock, log: silentLogger };
  const dialler = new TaskDialler({ ...deps, policies, calendar: new CallCalendar(), guard });
  const scheduler = new TaskScheduler({ ...deps, dialler });
  const service = new TaskService({
    ...deps,
    history: database.calls,
    dialler,
    onScheduled: onScheduled ?? (() => scheduler.wake()),
  });
  return { policies, scheduler, service, dialler };
}
