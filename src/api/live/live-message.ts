import type { CallId } from '../../core/ids.js';
import type { Call, Speaker, TranscriptEntry } from '../../domain/call.js';
import type { Text } from '../../domain/text.js';
import type { ToolRun } from '../../domain/tool-run.js';
import { presentToolRun } from '../dialects/core/action-translation.js';
import { presentAudioFault, presentTransfer } from '../dialects/core/call-presentation.js';
import { presentEntry, roleOf } from '../dialects/core/report-presentation.js';
import type { LiveMessageBody, LiveMessageType } from './live-schema.js';

/** What following a call brings by itself; `pong` comes only when it is asked for. */
export const LIVE_MESSAGE_TYPES = [
  'connected',
  'transcript_update',
  'call_status_update',
  'text_received',
  'tool_used',
  'error',
] as const satisfies LiveMessageType[];

/** Written once, however many read it. `passing` ones are soon replaced by the next: a reader who lags may go without. */
export type LiveMessage = { type: LiveMessageType; text: string; passing: boolean };

/** Words that are still being said. */
export type Partial = { speaker: Speaker; text: string; atMs: number };

const message = (body: LiveMessageBody, passing = false): LiveMessage => ({
  type: body.type,
  text: JSON.stringify(body),
  passing,
});

export const connectedMessage = (call: Call): LiveMessage =>
  message({ type: 'connected', data: { call_id: call.id, status: call.status } });

export const statusMessage = ({ id, status, termination, audioFault, transfer }: Call): LiveMessage =>
  message({
    type: 'call_status_update',
    data: {
      call_id: id,
      status,
      result: termination?.result ?? null,
      end_reason: termination?.reason ?? null,
      audio_fault: audioFault ? presentAudioFault(audioFault) : null,
      ...(transfer && { transfer: presentTransfer(transfer) }),
    },
  });

/** The whole transcript so far, so that a reader needs no memory; `partial` is what is being said after it. */
export function transcriptMessage(id: CallId, entries: readonly TranscriptEntry[], partial: Partial | undefined): LiveMessage {
  const transcript = entries.map(presentEntry);
  if (!partial) return message({ type: 'transcript_update', data: { call_id: id, transcript } });
  const { speaker, text, atMs } = partial;
  const spoken = {
    role: roleOf(speaker),
    message: text,
    time_in_call_secs: Math.round(atMs) / 1000,
  };
  return message({ type: 'transcript_update', data: { call_id: id, transcript, partial: spoken } }, true);
}

export const textMessage = (callId: CallId, { id, text }: Text): LiveMessage =>
  message({ type: 'text_received', data: { call_id: callId, text_id: id, text } });

export const toolMessage = (callId: CallId, run: ToolRun): LiveMessage =>
  message({ type: 'tool_used', data: { call_id: callId, ...presentToolRun(run) } });

export const errorMessage = (error: string): LiveMessage => message({ type: 'error', error });
export const pongMessage: LiveMessage = message({ type: 'pong' });
