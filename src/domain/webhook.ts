import type { CallId, TenantId, TextId } from '../core/ids.js';
import type { CallStatus } from './call.js';
import type { Participant } from './participant.js';
import { TASK_EVENTS } from './task.js';
import type { TextStatus } from './text.js';

/** Somebody who was called into a call. */
const PARTICIPANT_EVENTS = ['participant_joined', 'participant_left', 'participant_failed'] as const;
const TEXT_EVENTS = ['text_received', 'text_sent', 'text_delivered', 'text_failed'] as const;
export const WEBHOOK_EVENT_TYPES = [...TASK_EVENTS, ...PARTICIPANT_EVENTS, ...TEXT_EVENTS] as const;
export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Something that happened to a call or a text, kept until everybody who asked for it is on the list of deliveries. */
export type WebhookEvent = {
  id: string;
  tenantId: TenantId;
  /** One of the two. */
  callId: CallId | undefined;
  textId: TextId | undefined;
  taskId: string | undefined;
  type: WebhookEventType;
  /** The call's or text's status at that moment. */
  status: CallStatus | TextStatus;
  /** Who it was, where it is about somebody who was called into the call. */
  participant: Participant | undefined;
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
  /** What the event is about: one of the two. */
  callId: CallId | undefined;
  textId: TextId | undefined;
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
