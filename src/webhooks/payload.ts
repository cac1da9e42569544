import { signatureHeaders } from '../core/webhook-signature.js';
import type { Call, TranscriptEntry } from '../domain/call.js';
import { outcomeOf } from '../domain/call-ending.js';
import type { Variables } from '../domain/header-variables.js';
import type { Participant } from '../domain/participant.js';
import type { Text } from '../domain/text.js';
import type { WebhookDelivery, WebhookEvent, WebhookEventType } from '../domain/webhook.js';

const EXCERPT_LENGTH = 1000;
/** What a cut through a surrogate pair leaves, after it and before it. */
const SECOND_HALF = /^[\uDC00-\uDFFF]/;
const FIRST_HALF = /[\uD800-\uDBFF]$/;

/** What is known when a call has ended. */
export type EndOfCall = { call: Call; transcript: readonly TranscriptEntry[]; report: string | null };

/** What is sent: how the call came out, of its conversation the end, and of its report the beginning. */
export const payloadOf = (event: WebhookEvent, variables: Variables = {}, end?: EndOfCall): string =>
  JSON.stringify({
    event_type: event.type,
    task_id: event.taskId ?? null,
    call_id: event.callId,
    status: event.status,
    data: {
      transcript_excerpt: end ? excerptOf(end.transcript) : null,
      report_excerpt: end?.report ? beginningOf(end.report) : null,
      call: end ? diagnosisOf(end.call) : null,
      variables,
    },
  });

/** The text as it is now: by the time of the event it may have gone further. */
export const textPayloadOf = (event: WebhookEvent, text: Text): string =>
  JSON.stringify({
    event_type: event.type,
    task_id: null,
    call_id: text.callId ?? null,
    text_id: text.id,
    status: event.status,
    data: {
      direction: text.direction,
      contact: text.contact,
      from_uri: text.fromUri,
      to_uri: text.toUri,
      text: text.text,
      agent_id: text.agentId ?? null,
      trunk_id: text.trunk?.id ?? null,
      sip_code: text.sipCode ?? null,
      failure_reason: text.failureReason ?? null,
      created_at: new Date(text.createdAtMs).toISOString(),
    },
  });

/** As it was when that happened, which the call has gone on from since. */
export const participantPayloadOf = (event: WebhookEvent, participant: Participant): string =>
  JSON.stringify({
    event_type: event.type,
    task_id: event.taskId ?? null,
    call_id: event.callId,
    status: event.status,
    data: {
      participant: {
        id: participant.id,
        target: participant.target,
        mode: participant.mode,
        status: participant.status,
        reason: participant.reason ?? null,
        sip_code: participant.sipCode ?? null,
        started_at: isoTime(participant.startedAtMs),
        joined_at: isoTime(participant.joinedAtMs),
        ended_at: isoTime(participant.endedAtMs),
      },
    },
  });

/** Names and forms are those of the calls that the API serves. */
const diagnosisOf = (call: Call) => ({
  direction: call.direction,
  outcome: outcomeOf(call) ?? null,
  result: call.termination?.result ?? null,
  end_reason: call.termination?.reason ?? null,
  agent_id: call.agentId ?? null,
  handoffs: (call.handoffs ?? []).map(({ by, from, to, afterMs }) => ({
    by,
    from_agent_id: from.agentId ?? null,
    to_agent_id: to.agentId ?? null,
    after_ms: afterMs,
  })),
  answered_by: call.answeredBy
    ? { verdict: call.answeredBy.verdict, reason: call.answeredBy.reason, after_ms: call.answeredBy.afterMs }
    : null,
  ended_by: call.endedBy ?? null,
  sip_code: call.sipCode ?? null,
  q850_cause: call.q850Cause ?? null,
  trunk: call.trunk?.name ?? null,
  codec: call.codec ?? null,
  srtp: call.srtp ?? null,
  started_at: isoTime(call.startedAtMs),
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
});

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

function excerptOf(transcript: readonly TranscriptEntry[]): string | null {
  const lines = transcript
    .map(({ speaker, text, heardText }) => (speaker === 'caller' ? `user: ${text}` : `${speaker}: ${heardText}`))
    .join('\n');
  if (lines === '') return null;
  return lines.length <= EXCERPT_LENGTH ? lines : `…${lines.slice(1 - EXCERPT_LENGTH).replace(SECOND_HALF, '')}`;
}

const beginningOf = (text: string): string =>
  text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH - 1).replace(FIRST_HALF, '')}…`;

/** Signed with each of the secrets. */
export function headersOf(
  delivery: Pick<WebhookDelivery, 'eventId' | 'attempts' | 'body'> & { eventType: WebhookEventType | 'test' },
  secrets: readonly string[],
  nowMs: number,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'Offhook',
    'X-Offhook-Event-Id': delivery.eventId,
    'X-Offhook-Event': delivery.eventType,
    'X-Offhook-Attempt': String(delivery.attempts + 1),
    ...signatureHeaders(delivery.body, secrets, nowMs),
  };
}
