import { v7 } from 'uuid';
import type { Clock } from '../core/clock.js';
import type { RegisteredWebhook, WebhookTest } from '../domain/webhook-subscription.js';
import { headersOf } from './payload.js';
import type { Outgoing, SendResult } from './send-webhook.js';

/** Of the form of all others, about no call. */
const BODY = JSON.stringify({
  event_type: 'test',
  task_id: null,
  call_id: null,
  status: null,
  data: { transcript_excerpt: null, report_excerpt: null, call: null },
});

/** Sends a test event, signed as any other, and once only. Never rejects. */
export async function sendTestWebhook(
  webhook: RegisteredWebhook,
  { send, clock }: { send: (outgoing: Outgoing) => Promise<SendResult>; clock: Clock },
): Promise<WebhookTest> {
  const eventId = v7();
  const nowMs = clock.nowMs();
  const { secret, previous } = webhook;
  const secrets = previous && previous.untilMs > nowMs ? [secret, previous.secret] : [secret];
  const headers = headersOf({ eventId, eventType: 'test', attempts: 0, body: BODY }, secrets, nowMs);
  const signal = new AbortController().signal;
  const { statusCode, error, durationMs } = await send({ url: webhook.url, headers, body: BODY, signal });
  return { eventId, statusCode, error, durationMs };
}
