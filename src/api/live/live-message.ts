import type { CallId } from '../../core/ids.js';
import type { Call, Speaker, TranscriptEntry } from '../../domain/call.js';
import { presentEntry } from '../dialects/core/call-presentation.js';

export const LIVE_MESSAGE_TYPES = ['connected', 'transcript_update', 'call_status_update', 'error'] as const;
export type LiveMessageType = (typeof LIVE_MESSAGE_TYPES)[number] | 'pong';

/** Written once, however many read it. `passing` ones are soon replaced by the next: a reader who lags may go without. */
export type LiveMessage = { type: LiveMessageType; text: string; passing: boolean };

/** Words that are still being said. */
export type Partial = { speaker: Speaker; text: string; atMs: number };

const message = (type: LiveMessageType, rest: object, passing = false): LiveMessage => ({
  type,
  text: JSON.stringify({ type, ...rest }),
  passing,
});

export const connectedMessage = (call: Call): LiveMessage =>
  message('connected', { data: { call_id: call.id, status: call.status } });

export const statusMessage = ({ id, status, termination }: Call): LiveMessage =>
  message('call_status_update', {
    data: { call_id: id, status, result: termination?.result ?? null, end_reason: termination?.reason ?? null },
  });

/** The whole transcript so far, so that a reader needs no memory; `partial` is what is being said after it. */
export function transcriptMessage(id: CallId, entries: readonly TranscriptEntry[], partial: Partial | undefined): LiveMessage {
  const transcript = entries.map(presentEntry);
  if (!partial) return message('transcript_update', { data: { call_id: id, transcript } });
  const { speaker, text, atMs } = partial;
  const spoken = {
    role: speaker === 'caller' ? 'user' : 'agent',
    message: text,
    time_in_call_secs: Math.round(atMs) / 1000,
  };
  return message('transcript_update', { data: { call_id: id, transcript, partial: spoken } }, true);
}

export const errorMessage = (error: string): LiveMessage => message('error', { error });
export const pongMessage: LiveMessage = message('pong', {});
