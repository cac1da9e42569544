import type { z } from 'zod';
import { type AgentGuidance, UNGUIDED } from '../../../domain/agent-guidance.js';
import type { AnsweredBy } from '../../../domain/answered-by.js';
import { type AudioFault, type Call, type RecordingPause, type Turn } from '../../../domain/call.js';
import { outcomeOf } from '../../../domain/call-ending.js';
import { type CallAttempt, type CallTimings, timingsOf } from '../../../domain/call-setup.js';
import { agentAt, type Handoff, type LeadingAgent } from '../../../domain/handoff.js';
import type { Participant } from '../../../domain/participant.js';
import type { ProviderFailure } from '../../../domain/provider-failure.js';
import { type ProviderUsage, totalCostOf } from '../../../domain/provider-usage.js';
import type { Report } from '../../../domain/report.js';
import type { ToolRun } from '../../../domain/tool-run.js';
import type { Transfer, TransferLeg } from '../../../domain/transfer.js';
import type { Transcript } from '../../../reports/report-service.js';
import { presentToolRun } from './action-translation.js';
import {
  type AnsweredByResource,
  type AttemptResource,
  type AudioFaultResource,
  type CallDetail,
  type CallLeg,
  type CallSummary,
  type ProviderFailureResource,
  type ProviderUsageResource,
  type RecordingPauseResource,
  type TransferResource,
  type TurnResource,
} from './call-schema.js';
import type { GuidanceResource } from './guidance-schema.js';
import type { HandoffResource } from './handoff-schema.js';
import type { ParticipantResource } from './participant-schema.js';
import { presentQuality } from './quality-schema.js';
import { presentEntry, presentReport } from './report-presentation.js';

const isoTime = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
const seconds = (ms: number): number => Math.round(ms) / 1000;

export const presentCall = (call: Call): z.input<typeof CallSummary> => ({
  id: call.id,
  agent_id: call.agentId ?? null,
  agent_name: call.agentName,
  agent_version: call.agentVersion ?? null,
  task_id: call.taskId ?? null,
  api_key_id: call.apiKeyId ?? null,
  direction: call.direction,
  status: call.status,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  sip_call_id: call.sipCallId,
  codec: call.codec ?? null,
  started_at: new Date(call.startedAtMs).toISOString(),
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
  timings: presentTimings(timingsOf(call)),
  diverted_from: call.setup.diversions[0]?.user ?? call.setup.diversions[0]?.uri ?? null,
  diversion_reason: call.setup.diversions[0]?.reason ?? null,
  diversions: call.setup.diversions.map(({ uri, reason }) => ({ uri, reason: reason ?? null })),
  attempts: call.setup.attempts.map(presentAttempt),
  duration_seconds:
    call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : seconds(call.endedAtMs - call.answeredAtMs),
  result: call.termination?.result ?? null,
  outcome: outcomeOf(call) ?? null,
  ended_by: call.endedBy ?? null,
  end_reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
  sip_reason: call.sipReason ?? null,
  q850_cause: call.q850Cause ?? null,
  audio_fault: call.audioFault ? presentAudioFault(call.audioFault) : null,
  transfer: call.transfer ? presentTransfer(call.transfer) : null,
  participants: (call.participants ?? []).map(presentParticipant),
  variables: call.variables ?? {},
  handoffs: (call.handoffs ?? []).map(presentHandoff),
  guidance: presentGuidance(call.guidance),
  collected_data: { ...call.collectedData },
  legs: [
    presentLeg(call),
    ...(call.transfer?.leg ? [presentOtherLeg('b', call.transfer.leg)] : []),
    ...(call.participants ?? []).map(({ leg }) => presentOtherLeg('c', leg)),
  ],
  recording_available: call.recordingPath !== undefined && (call.status === 'completed' || call.status === 'failed'),
  recording_pauses: (call.recordingPauses ?? []).map(presentPause),
  heard_tones: (call.heardTones ?? []).map(({ tone, atMs }) => ({ tone, at: new Date(atMs).toISOString() })),
  answered_by: call.answeredBy ? presentAnsweredBy(call.answeredBy) : null,
  media_stats: call.mediaStats ?? null,
  provider_failures: (call.providerFailures ?? []).map(presentProviderFailure),
  provider_usage: (call.providerUsage ?? []).map(presentProviderUsage),
  cost: costIn(totalCostOf(call.providerUsage ?? [])),
  quality: call.quality ? presentQuality(call.quality) : null,
});

export const presentAnsweredBy = ({ verdict, reason, afterMs }: AnsweredBy): z.input<typeof AnsweredByResource> => ({
  verdict,
  reason,
  after_ms: afterMs,
});

export const presentTransfer = (transfer: Transfer): z.input<typeof TransferResource> => ({
  target: transfer.target,
  kind: transfer.kind,
  method: transfer.method,
  by: transfer.by,
  status: transfer.status,
  sip_code: transfer.sipCode ?? null,
  reason: transfer.reason ?? null,
  started_at: new Date(transfer.startedAtMs).toISOString(),
  answered_at: isoTime(transfer.answeredAtMs),
  ended_at: isoTime(transfer.endedAtMs),
});

export const presentParticipant = (participant: Participant): z.input<typeof ParticipantResource> => ({
  id: participant.id,
  target: participant.target,
  mode: participant.mode,
  status: participant.status,
  reason: participant.reason ?? null,
  sip_code: participant.sipCode ?? null,
  started_at: new Date(participant.startedAtMs).toISOString(),
  joined_at: isoTime(participant.joinedAtMs),
  ended_at: isoTime(participant.endedAtMs),
});

export const presentAudioFault = ({ missing, sinceMs, healedAtMs }: AudioFault): z.input<typeof AudioFaultResource> => ({
  missing,
  since: new Date(sinceMs).toISOString(),
  healed_at: isoTime(healedAtMs),
});

export const presentGuidance = (guidance: AgentGuidance = UNGUIDED): z.input<typeof GuidanceResource> => ({
  mode: guidance.mode,
  operator: guidance.operator ?? null,
  muted: guidance.muted,
  instructions: guidance.instructions ?? null,
});

export const presentHandoff = ({ by, from, to, afterMs }: Handoff): z.input<typeof HandoffResource> => ({
  by,
  from: presentLeadingAgent(from),
  to: presentLeadingAgent(to),
  after_ms: afterMs,
});

const presentLeadingAgent = ({ agentId, name, version }: LeadingAgent) => ({
  agent_id: agentId ?? null,
  agent_name: name,
  agent_version: version ?? null,
});

export const presentPause = ({ pausedAtMs, resumedAtMs }: RecordingPause): z.input<typeof RecordingPauseResource> => ({
  paused_at: new Date(pausedAtMs).toISOString(),
  resumed_at: isoTime(resumedAtMs),
});

/** A millionth is less than anything is charged in, and rounds off what arithmetic adds. */
const costIn = (cost: number | undefined): number | null => (cost === undefined ? null : Math.round(cost * 1e6) / 1e6);

const presentProviderUsage = (usage: ProviderUsage): z.input<typeof ProviderUsageResource> => ({
  stage: usage.stage,
  provider: usage.provider,
  requests: usage.requests,
  input_tokens: usage.inputTokens,
  output_tokens: usage.outputTokens,
  input_audio_tokens: usage.inputAudioTokens,
  output_audio_tokens: usage.outputAudioTokens,
  audio_seconds: seconds(usage.audioMs),
  characters: usage.characters,
  cost: costIn(usage.cost),
});

const presentProviderFailure = (failure: ProviderFailure): z.input<typeof ProviderFailureResource> => ({
  at: new Date(failure.atMs).toISOString(),
  stage: failure.stage,
  provider: failure.provider,
  reason: failure.reason,
  status_code: failure.statusCode ?? null,
  instead: failure.instead ?? null,
});

const presentTimings = ({ pddMs, ringMs, answerMs, durationMs, talkMs }: CallTimings) => ({
  pdd_ms: pddMs ?? null,
  ring_ms: ringMs ?? null,
  answer_ms: answerMs ?? null,
  duration_ms: durationMs ?? null,
  talk_ms: talkMs ?? null,
});

const presentAttempt = (attempt: CallAttempt): z.input<typeof AttemptResource> => ({
  uri: attempt.uri,
  trunk: attempt.trunk ?? null,
  invited_at: new Date(attempt.invitedAtMs).toISOString(),
  ringing_at: isoTime(attempt.ringingAtMs),
  sip_code: attempt.sipCode ?? null,
  sip_reason: attempt.sipReason ?? null,
  redirected: attempt.redirected,
});

const presentLeg = (call: Call): z.input<typeof CallLeg> => ({
  leg: 'a',
  sip_call_id: call.sipCallId,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  sip_peer: call.sipPeer ?? null,
  trunk: call.trunk ? { id: call.trunk.id, name: call.trunk.name } : null,
  media_peer: call.mediaPeer ?? null,
  codec: call.codec ?? null,
  srtp: call.srtp ?? null,
  answered_at: isoTime(call.answeredAtMs),
  ended_at: isoTime(call.endedAtMs),
});

const presentOtherLeg = (name: 'b' | 'c', leg: TransferLeg): z.input<typeof CallLeg> => ({
  leg: name,
  sip_call_id: leg.sipCallId,
  from_uri: leg.fromUri,
  to_uri: leg.toUri,
  sip_peer: null,
  trunk: leg.trunk ? { id: leg.trunk.id, name: leg.trunk.name } : null,
  media_peer: leg.mediaPeer ?? null,
  codec: leg.codec ?? null,
  srtp: leg.srtp ?? null,
  answered_at: isoTime(leg.answeredAtMs),
  ended_at: isoTime(leg.endedAtMs),
});

export const presentDetail = (
  call: Call,
  transcript: Transcript,
  turns: readonly Turn[],
  report: Report | undefined,
  toolRuns: readonly ToolRun[],
): z.input<typeof CallDetail> => ({
  ...presentCall(call),
  transcript: transcript.entries.map((entry) => presentEntry(entry, call)),
  transcript_source: transcript.source,
  turns: turns.map((turn) => presentTurn(turn, call)),
  tool_runs: toolRuns.map(presentToolRun),
  report: report ? presentReport(report) : null,
});

export const presentTurn = ({ latency, ...turn }: Turn, call: Call): z.input<typeof TurnResource> => ({
  sequence: turn.sequence,
  cause: turn.cause,
  agent_id: agentAt(call, turn.originMs).agentId ?? null,
  origin_ms: turn.originMs,
  latency_ms: {
    vad_end: latency.vadEndMs ?? null,
    endpoint: latency.endpointMs ?? null,
    stt_final: latency.sttFinalMs ?? null,
    ahead: latency.aheadMs ?? null,
    filler: latency.fillerMs ?? null,
    first_text: latency.firstTextMs ?? null,
    first_clause: latency.firstClauseMs ?? null,
    first_audio: latency.firstAudioMs ?? null,
    first_packet: latency.firstPacketMs ?? null,
  },
  interrupted: turn.interrupted,
  barge_in_ms: turn.bargeInMs ?? null,
  providers: { stt: turn.providers?.stt ?? null, llm: turn.providers?.llm ?? null, tts: turn.providers?.tts ?? null },
  sources: (turn.sources ?? []).map(({ documentId, documentName, sequence, heading, score }) => ({
    document_id: documentId,
    document: documentName,
    chunk: sequence,
    heading,
    score,
  })),
  speculation: turn.speculation
    ? {
        attempts: turn.speculation.attempts,
        discarded: turn.speculation.discarded,
        discarded_input_tokens: turn.speculation.inputTokens,
        discarded_output_tokens: turn.speculation.outputTokens,
      }
    : null,
  done_probability: turn.doneProbability ?? null,
});
