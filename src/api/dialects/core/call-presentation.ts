import type { z } from 'zod';
import type { Call, TranscriptEntry, Transfer, Turn } from '../../../domain/call.js';
import { outcomeOf } from '../../../domain/call-ending.js';
import type { CallDetail, CallLeg, CallSummary, TranscriptEntryResource, TurnResource } from './call-schema.js';

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
const seconds = (ms: number): number => Math.round(ms) / 1000;

export const presentCall = (call: Call): z.input<typeof CallSummary> => ({
  id: call.id,
  agent_id: call.agentId ?? null,
  agent_name: call.agentName,
  agent_version: call.agentVersion ?? null,
  task_id: call.taskId ?? null,
  direction: call.direction,
  status: call.status,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  sip_call_id: call.sipCallId,
  codec: call.codec ?? null,
  started_at: new Date(call.startedAtMs).toISOString(),
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
  duration_seconds:
    call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : seconds(call.endedAtMs - call.answeredAtMs),
  result: call.termination?.result ?? null,
  outcome: outcomeOf(call) ?? null,
  ended_by: call.endedBy ?? null,
  end_reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
  sip_reason: call.sipReason ?? null,
  transfer: call.transfer ? presentTransfer(call.transfer) : null,
  legs: [presentLeg(call)],
  recording_available: call.recordingPath !== undefined && (call.status === 'completed' || call.status === 'failed'),
  media_stats: call.mediaStats ?? null,
});

const presentTransfer = ({ target, status, sipCode }: Transfer) => ({ target, status, sip_code: sipCode ?? null });

const presentLeg = (call: Call): z.input<typeof CallLeg> => ({
  leg: 'a',
  sip_call_id: call.sipCallId,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  sip_peer: call.sipPeer ?? null,
  media_peer: call.mediaPeer ?? null,
  codec: call.codec ?? null,
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
});

export const presentDetail = (
  call: Call,
  transcript: readonly TranscriptEntry[],
  turns: readonly Turn[],
): z.input<typeof CallDetail> => ({
  ...presentCall(call),
  transcript: transcript.map(presentEntry),
  turns: turns.map(presentTurn),
  report: null,
});

export const presentEntry = (entry: TranscriptEntry): z.input<typeof TranscriptEntryResource> => ({
  sequence: entry.sequence,
  role: entry.speaker === 'caller' ? 'user' : 'agent',
  message: entry.speaker === 'caller' ? entry.text : entry.heardText,
  full_message: entry.text,
  interrupted: entry.interrupted,
  start_ms: entry.startMs,
  end_ms: entry.endMs,
  time_in_call_secs: seconds(entry.startMs),
});

const presentTurn = ({ latency, ...turn }: Turn): z.input<typeof TurnResource> => ({
  sequence: turn.sequence,
  cause: turn.cause,
  origin_ms: turn.originMs,
  latency_ms: {
    vad_end: latency.vadEndMs ?? null,
    endpoint: latency.endpointMs ?? null,
    stt_final: latency.sttFinalMs ?? null,
    first_text: latency.firstTextMs ?? null,
    first_clause: latency.firstClauseMs ?? null,
    first_audio: latency.firstAudioMs ?? null,
    first_packet: latency.firstPacketMs ?? null,
  },
  interrupted: turn.interrupted,
  barge_in_ms: turn.bargeInMs ?? null,
});
