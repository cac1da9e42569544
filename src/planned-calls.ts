import type { TollLedger } from './calls/toll-ledger.js';
import { CampaignFeeder } from './campaigns/campaign-feeder.js';
import { CampaignRecruiting } from './campaigns/campaign-recruiting.js';
import { CampaignService } from './campaigns/campaign-service.js';
import type { Config } from './config/schema.js';
import { ContactService } from './contacts/contact-service.js';
import type { Clock } from './core/clock.js';
import type { CloseStack } from './core/lifecycle.js';
import type { Logger } from './core/log.js';
import { DoNotCallGuard } from './do-not-call/do-not-call-guard.js';
import { DoNotCallService } from './do-not-call/do-not-call-service.js';
import type { CallControl, CallPlacer } from './domain/ports/call-control.js';
import type { Database } from './storage/database.js';
import { CallCalendar } from './tasks/call-calendar.js';
import { OutboundPolicies } from './tasks/outbound-policies.js';
import { TaskDialler } from './tasks/task-dialler.js';
import { TaskScheduler } from './tasks/task-scheduler.js';
import { TaskService } from './tasks/task-service.js';

export type PlannedCallsOptions = {
  database: Database;
  outbound: Config['outbound'];
  calls: CallPlacer & CallControl;
  tolls: TollLedger;
  clock: Clock;
  log: Logger;
  stack: CloseStack;
};

export type PlannedCalls = {
  tasks: TaskService;
  campaigns: CampaignService;
  recruiting: CampaignRecruiting;
  contacts: ContactService;
  policies: OutboundPolicies;
  doNotCall: DoNotCallService;
  /** An account may place more or fewer calls than before. */
  onLimits: (...limits: Parameters<TollLedger['setLimits']>) => void;
  /** A line, a number or an account may have become free. */
  wake(): void;
};

/** Calls that are placed at a time of their own: tasks, and the campaigns that make them. */
export function createPlannedCalls({ database, outbound, calls, tolls, clock, log, stack }: PlannedCallsOptions): PlannedCalls {
  const doNotCall = { list: database.doNotCall, clock };
  const { callWindow: hours, retry } = outbound;
  const stored = database.outboundPolicies;
  const onLimits: PlannedCalls['onLimits'] = (...limits) => {
    if (tolls.setLimits(...limits)) scheduler.wake();
  };
  const policies = new OutboundPolicies({ stored, common: { hours, retry }, clock, onLimits });
  const taskDeps = { tasks: database.tasks, agents: database.agents, calls, clock, log };
  const dialler = new TaskDialler({ ...taskDeps, policies, calendar: new CallCalendar(), guard: new DoNotCallGuard(doNotCall) });
  const scheduled = { onScheduled: (): void => scheduler.wake() };
  const tasks = new TaskService({ ...taskDeps, ...scheduled, tolls, history: database.calls, dialler });
  const scheduler = new TaskScheduler({ ...taskDeps, dialler });
  stack.push(() => scheduler.close());
  const callTime: TaskDialler['callTime'] = (task, atMs) => dialler.callTime(task, atMs);
  const feeder = new CampaignFeeder({ feed: database.campaignFeed, callTime, onTasks: () => scheduler.wake(), clock, log });
  stack.push(() => feeder.close());
  const campaigns = new CampaignService({ campaigns: database.campaigns, tolls, clock, onChanged: () => feeder.wake() });
  const { addressBook: book } = database;
  return {
    tasks,
    policies,
    doNotCall: new DoNotCallService(doNotCall),
    campaigns,
    recruiting: new CampaignRecruiting({ campaigns, book, clock }),
    contacts: new ContactService({ book, clock }),
    onLimits,
    wake: () => {
      scheduler.wake();
      feeder.wake();
    },
  };
}
