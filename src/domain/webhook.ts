import type { CallId, TenantId } from '../core/ids.js';
import type { CallStatus } from './call.js';
import { TASK_EVENTS, type TaskEvent } from './task.js';

export const WEBHOOK_EVENT_TYPES = TASK_EVENTS;
export type WebhookEventType = TaskEvent;

/** Something that happened to a call, kept until everybody who asked for it is on the list of deliveries. */
export type WebhookEvent = {
  id: string;
  tenantId: TenantId;
  callId: CallId;
  taskId: string | undefined;
  type: WebhookEventType;
  /** The call's status at that moment. */
  status: CallStatus;
  atMs: number;
  /** What the call's task asks for. */
  taskWebhook: { url: string; events: readonly WebhookEventType[] } | undefined;
};

export const DELIVERY_STATES = ['pending', 'delivered', 'dead'] as const;
/** `dead`: given up; kept, and can be replayed. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event on its way to one address. The body never changes, however often it is sent. */
export type WebhookDelivery = {
  id: string;
  eventId: string;
  tenantId: TenantId;
  callId: CallId;
  eventType: WebhookEventType;
  url: string;
  /** Whose secret signs it; undefined where a task or the configuration named the address. */
  subscriptionId: string | undefined;
  body: string;
  state: DeliveryState;
  /** Since it was made or last replayed. */
  attempts: number;
  nextAttemptAtMs: number;
  createdAtMs: number;
};

export type DeliveryAttempt = {
  atMs: number;
  durationMs: number;
  /** Absent when there was no answer. */
  statusCode: number | undefined;
  /** Absent when it was delivered. */
  error: string | undefined;
};

/** Who is told of what, by configuration. */
export type WebhookSubscription = {
  tenantId: TenantId;
  url: string;
  events: readonly WebhookEventType[];
  /** Signs instead of the organisation's own secret. */
  secret?: string | undefined;
};
