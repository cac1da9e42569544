import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { CallEvent } from '../calls/call-event.js';
import type { CallId } from '../core/ids.js';
import type { Call, Turn } from '../domain/call.js';

type OpenCall = { span: Span; context: Context; answeredAtMs: number | undefined };

/** What a turn waited for, in words, by the field that says when it came. */
const STAGES = {
  vadEndMs: 'speech detection',
  endpointMs: 'endpointing',
  sttFinalMs: 'recogniser',
  firstTextMs: 'model, first text',
  firstClauseMs: 'model, first clause',
  firstAudioMs: 'voice, first audio',
  firstPacketMs: 'first packet',
} as const satisfies Record<Exclude<keyof Turn['latency'], 'aheadMs' | 'fillerMs'>, string>;

/**
 * One trace for each call: the call, its set-up, its turns, and in each turn what it waited for, one after the other.
 *
 * Spans carry ids and figures; words, numbers and addresses of callers stay out of them.
 */
export class CallSpans {
  readonly #tracer: Tracer;
  readonly #open = new Map<CallId, OpenCall>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  onCallEvent(event: CallEvent): void {
    if (event.type === 'started') this.#begin(event.call);
    else if (event.type === 'answered') this.#answered(event.call);
    else if (event.type === 'turn') this.#turn(event.turn);
    else if (event.type === 'ended') this.#end(event.call);
  }

  #begin(call: Call): OpenCall {
    const span = this.#tracer.startSpan(`${call.direction} call`, {
      root: true,
      kind: call.direction === 'inbound' ? SpanKind.SERVER : SpanKind.CLIENT,
      startTime: call.startedAtMs,
      attributes: { 'offhook.call_id': call.id, 'offhook.tenant_id': call.tenantId, 'offhook.agent': call.agentName },
    });
    const open: OpenCall = { span, context: trace.setSpan(ROOT_CONTEXT, span), answeredAtMs: undefined };
    this.#open.set(call.id, open);
    return open;
  }

  #answered(call: Call): void {
    const open = this.#open.get(call.id);
    if (!open || call.answeredAtMs === undefined) return;
    open.answeredAtMs = call.answeredAtMs;
    this.#tracer.startSpan('set-up', { startTime: call.startedAtMs }, open.context).end(call.answeredAtMs);
  }

  #turn({ callId, cause, originMs, latency, interrupted, bargeInMs }: Turn): void {
    const open = this.#open.get(callId);
    if (open?.answeredAtMs === undefined) return;
    const startMs = open.answeredAtMs + originMs;
    const attributes = {
      'offhook.turn.cause': cause,
      'offhook.turn.interrupted': interrupted,
      ...(bargeInMs !== undefined && { 'offhook.turn.barge_in_ms': bargeInMs }),
    };
    const span = this.#tracer.startSpan('turn', { startTime: startMs, attributes }, open.context);
    const context = trace.setSpan(open.context, span);
    let sinceMs = 0;
    for (const { name, atMs } of stagesOf(latency)) {
      this.#tracer.startSpan(name, { startTime: startMs + sinceMs }, context).end(startMs + atMs);
      sinceMs = atMs;
    }
    span.end(startMs + sinceMs);
  }

  #end(call: Call): void {
    // One that was refused had not begun.
    const { span } = this.#open.get(call.id) ?? this.#begin(call);
    this.#open.delete(call.id);
    const { result = 'indeterminate', reason = '' } = call.termination ?? {};
    const stats = Object.entries(call.mediaStats ?? {}).map(([name, value]) => [`offhook.media.${name}`, value]);
    span.setAttributes({
      'offhook.result': result,
      'offhook.reason': reason,
      ...(call.sipCallId && { 'sip.call_id': call.sipCallId }),
      ...(call.sipCode !== undefined && { 'sip.status_code': call.sipCode }),
      ...(call.q850Cause !== undefined && { 'offhook.q850_cause': call.q850Cause }),
      ...(call.audioFault && { 'offhook.audio_fault': call.audioFault.missing }),
      ...(call.codec !== undefined && { 'offhook.codec': call.codec }),
      ...Object.fromEntries(stats),
    });
    if (result === 'server_error' || result === 'upstream_error') span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    span.end(call.endedAtMs ?? call.startedAtMs);
  }
}

/** In the order they were reached, which is not always the same: a recogniser may be done before the silence is long enough. */
function stagesOf(latency: Turn['latency']): { name: string; atMs: number }[] {
  return Object.entries(STAGES)
    .map(([field, name]) => ({ name, atMs: latency[field as keyof typeof STAGES] ?? Number.NaN }))
    .filter(({ atMs }) => Number.isFinite(atMs) && atMs >= 0)
    .sort((a, b) => a.atMs - b.atMs);
}
