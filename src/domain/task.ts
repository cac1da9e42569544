import type { AgentId, ApiKeyId, CallId, TaskId, TenantId } from '../core/ids.js';
import type { CallWindow } from './call-window.js';
import type { RetryPolicy } from './retry-policy.js';

export const TASK_STATUSES = ['pending', 'in_progress', 'completed', 'failed'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const TASK_EVENTS = ['call_started', 'call_completed', 'call_failed'] as const;
export type TaskEvent = (typeof TASK_EVENTS)[number];

/** A call that is to be made: by whom, to whom, with which words, and when. */
export type Task = {
  id: TaskId;
  tenantId: TenantId;
  agentId: AgentId;
  name: string;
  description: string | undefined;
  /** E.164. */
  toNumber: string;
  /** Said first instead of the agent's own. */
  startingMessage: string | undefined;
  /** Fills the `{{placeholders}}` in the agent's texts. */
  contextData: Readonly<Record<string, unknown>>;
  /** Of several tasks that are due the highest goes first. */
  priority: number;
  /** Without a time a task waits until it is executed. */
  scheduledAtMs: number | undefined;
  /** Over the organisation's, field by field. */
  callWindow: CallWindow | undefined;
  /** Instead of the organisation's. */
  retry: RetryPolicy | undefined;
  webhookUrl: string | undefined;
  webhookEvents: readonly TaskEvent[];
  status: TaskStatus;
  /** The newest call that carries it out. */
  callId: CallId | undefined;
  /** Why it failed: the reason of its call's end, or what kept it from being called at all. */
  failureReason: string | undefined;
  /** Calls since it was created or reset. */
  attempts: number;
  /** When the scheduler looks at it next while it is pending: at its time, after the wait for a retry, when its window opens. */
  nextAttemptAtMs: number | undefined;
  /** Whose limits its calls are under: the key that created, changed, reset or executed it last; people leave that as it was. */
  apiKeyId?: ApiKeyId | undefined;
  createdAtMs: number;
  updatedAtMs: number;
};

/** What may be changed while nobody has been called yet. */
export type TaskPatch = Partial<
  Pick<
    Task,
    | 'name'
    | 'description'
    | 'toNumber'
    | 'startingMessage'
    | 'contextData'
    | 'priority'
    | 'scheduledAtMs'
    | 'callWindow'
    | 'retry'
    | 'webhookUrl'
    | 'webhookEvents'
    | 'apiKeyId'
  >
>;
