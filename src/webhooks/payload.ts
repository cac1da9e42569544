import { createHmac } from 'node:crypto';
import type { TranscriptEntry } from '../domain/call.js';
import type { WebhookDelivery, WebhookEvent, WebhookEventType } from '../domain/webhook.js';

const EXCERPT_LENGTH = 1000;
/** What a cut through a surrogate pair leaves, after it and before it. */
const SECOND_HALF = /^[\uDC00-\uDFFF]/;
const FIRST_HALF = /[\uD800-\uDBFF]$/;

/** What is sent: of the conversation the end, which tells how it came out, and of its report the beginning. */
export const payloadOf = (event: WebhookEvent, transcript: readonly TranscriptEntry[], report: string | null): string =>
  JSON.stringify({
    event_type: event.type,
    task_id: event.taskId ?? null,
    call_id: event.callId,
    status: event.status,
    data: { transcript_excerpt: excerptOf(transcript), report_excerpt: report && beginningOf(report) },
  });

function excerptOf(transcript: readonly TranscriptEntry[]): string | null {
  const lines = transcript
    .map(({ speaker, text, heardText }) => (speaker === 'caller' ? `user: ${text}` : `agent: ${heardText}`))
    .join('\n');
  if (lines === '') return null;
  return lines.length <= EXCERPT_LENGTH ? lines : `…${lines.slice(1 - EXCERPT_LENGTH).replace(SECOND_HALF, '')}`;
}

const beginningOf = (text: string): string =>
  text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH - 1).replace(FIRST_HALF, '')}…`;

/**
 * Who receives them can check that they come from us, are whole, and are not an old one sent again: `X-Offhook-Signature` is
 * HMAC-SHA256 over `<timestamp>.<body>`, once for each secret that holds at the moment.
 */
export function headersOf(
  delivery: Pick<WebhookDelivery, 'eventId' | 'attempts' | 'body'> & { eventType: WebhookEventType | 'test' },
  secrets: readonly string[],
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map(
    (secret) => `sha256=${createHmac('sha256', secret).update(`${timestamp}.${delivery.body}`).digest('hex')}`,
  );
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Offhook',
    'X-Offhook-Event-Id': delivery.eventId,
    'X-Offhook-Event': delivery.eventType,
    'X-Offhook-Attempt': String(delivery.attempts + 1),
    'X-Offhook-Timestamp': timestamp,
    'X-Offhook-Signature': signatures.join(','),
  };
}
