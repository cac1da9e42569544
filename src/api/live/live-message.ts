import type { CallId } from '../../core/ids.js';
import type { AnsweredBy } from '../../domain/answered-by.js';
import type { Call, Speaker, TranscriptEntry, Turn } from '../../domain/call.js';
import type { Text } from '../../domain/text.js';
import type { HeardTone } from '../../domain/tone-recognizer.js';
import type { ToolRun } from '../../domain/tool-run.js';
import type { LiveEvent } from '../../pipeline/live-event.js';
import { presentToolRun } from '../dialects/core/action-translation.js';
import {
  presentAnsweredBy,
  presentAudioFault,
  presentGuidance,
  presentHandoff,
  presentParticipant,
  presentTransfer,
  presentTurn,
} from '../dialects/core/call-presentation.js';
import { presentEntry, roleOf } from '../dialects/core/report-presentation.js';
import type { LiveMessageBody, LiveMessageType } from './live-schema.js';

/** What following a call brings by itself; `pong` comes only when it is asked for. */
export const LIVE_MESSAGE_TYPES = [
  'connected',
  'transcript_update',
  'call_status_update',
  'text_received',
  'tool_used',
  'state_update',
  'turn_completed',
  'dtmf_received',
  'tone_heard',
  'answered_by_update',
  'guidance_update',
  'participants_update',
  'suggestion',
  'error',
] as const satisfies LiveMessageType[];

/** Written once, however many read it. `passing` ones are soon replaced by the next: a reader who lags may go without. */
export type LiveMessage = { type: LiveMessageType; text: string; passing: boolean; serial: number | undefined };
type EventBody = Extract<LiveMessageBody, { serial: number }>;
/** An event of a call that has no serial number yet. */
export type LiveDraft = { [Type in EventBody['type']]: Omit<Extract<EventBody, { type: Type }>, 'serial'> }[EventBody['type']];

export type LiveMoment = Extract<LiveEvent, { type: 'state' | 'digit' | 'suggestion' }>;

/** Words that are still being said. */
export type Partial = { speaker: Speaker; text: string; atMs: number };

export const written = ({ type, data }: LiveDraft, serial: number, passing = false): LiveMessage => ({
  type,
  text: JSON.stringify({ type, serial, data }),
  passing,
  serial,
});

/** `resumed`: what follows is what was missed since `serial`, not all from the beginning. */
export const connectedMessage = (call: Call, serial: number, resumed: boolean): LiveMessage =>
  written({ type: 'connected', data: { call_id: call.id, status: call.status, resumed } }, serial);

export const statusDraft = ({ id, status, termination, audioFault, transfer, handoffs }: Call): LiveDraft => ({
  type: 'call_status_update',
  data: {
    call_id: id,
    status,
    result: termination?.result ?? null,
    end_reason: termination?.reason ?? null,
    audio_fault: audioFault ? presentAudioFault(audioFault) : null,
    ...(transfer && { transfer: presentTransfer(transfer) }),
    ...(handoffs && { handoffs: handoffs.map(presentHandoff) }),
  },
});

/** The whole transcript so far, so that a reader needs no memory; `partial` is what is being said after it. */
export function transcriptDraft(call: Call, entries: readonly TranscriptEntry[], partial: Partial | undefined): LiveDraft {
  const transcript = entries.map((entry) => presentEntry(entry, call));
  if (!partial) return { type: 'transcript_update', data: { call_id: call.id, transcript } };
  const { speaker, text, atMs } = partial;
  const spoken = {
    role: roleOf(speaker),
    message: text,
    time_in_call_secs: seconds(atMs),
  };
  return { type: 'transcript_update', data: { call_id: call.id, transcript, partial: spoken } };
}

export const textDraft = (callId: CallId, { id, text }: Text): LiveDraft => ({
  type: 'text_received',
  data: { call_id: callId, text_id: id, text },
});

export const toolDraft = (callId: CallId, run: ToolRun): LiveDraft => ({
  type: 'tool_used',
  data: { call_id: callId, ...presentToolRun(run) },
});

export const turnDraft = (turn: Turn, call: Call): LiveDraft => ({
  type: 'turn_completed',
  data: { call_id: turn.callId, ...presentTurn(turn, call) },
});

export const toneDraft = (callId: CallId, tone: HeardTone): LiveDraft => ({
  type: 'tone_heard',
  data: { call_id: callId, tone },
});

export const answererDraft = (callId: CallId, answeredBy: AnsweredBy): LiveDraft => ({
  type: 'answered_by_update',
  data: { call_id: callId, ...presentAnsweredBy(answeredBy) },
});

export const guidanceDraft = ({ id, guidance }: Call): LiveDraft => ({
  type: 'guidance_update',
  data: { call_id: id, ...presentGuidance(guidance) },
});

export const participantsDraft = ({ id, participants = [] }: Call): LiveDraft => ({
  type: 'participants_update',
  data: { call_id: id, participants: participants.map(presentParticipant) },
});

/** Of what a conversation tells beside its transcript and turns. */
export function momentDraft(callId: CallId, event: LiveMoment): LiveDraft {
  const data = { call_id: callId, time_in_call_secs: seconds(event.atMs) };
  if (event.type === 'state') return { type: 'state_update', data: { ...data, state: event.state } };
  if (event.type === 'digit') return { type: 'dtmf_received', data: { ...data, digit: event.digit } };
  return { type: 'suggestion', data: { ...data, text: event.text } };
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

export const errorMessage = (error: string): LiveMessage => ({
  type: 'error',
  text: JSON.stringify({ type: 'error', error } satisfies LiveMessageBody),
  passing: false,
  serial: undefined,
});
export const pongMessage: LiveMessage = {
  type: 'pong',
  text: JSON.stringify({ type: 'pong' } satisfies LiveMessageBody),
  passing: false,
  serial: undefined,
};
