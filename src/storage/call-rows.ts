import type { Selectable } from 'kysely';
import type { AgentId, ApiKeyId, CallId, TaskId, TenantId, TrunkId } from '../core/ids.js';
import type { Call, CallDirection, CallStatus, Termination } from '../domain/call.js';
import { type EndedBy, outcomeOf } from '../domain/call-ending.js';
import { NO_SETUP } from '../domain/call-setup.js';
import { partyOf } from '../domain/party.js';
import type { SrtpSuite } from '../domain/ports/media.js';
import { participantsOf } from './participant-rows.js';
import {
  answeredByOf,
  audioFaultOf,
  CollectedJson,
  finiteNumbers,
  guidanceOf,
  handoffsOf,
  heardTonesOf,
  MediaStatsJson,
  providerFailuresOf,
  qualityOf,
  recordingPausesOf,
  setupOf,
  transferOf,
  VariablesJson,
} from './rows.js';
import type { CallsTable } from './tables.js';
import { providerUsageOf } from './usage-rows.js';

export const callRow = (call: Call) => ({ id: call.id, tenant_id: call.tenantId, ...callColumns(call) });

/** What of a call may change. */
export const callColumns = (call: Call) => ({
  direction: call.direction,
  status: call.status,
  agent_id: call.agentId ?? null,
  agent_name: call.agentName,
  agent_version: call.agentVersion ?? null,
  task_id: call.taskId ?? null,
  api_key_id: call.apiKeyId ?? null,
  sip_call_id: call.sipCallId,
  from_uri: call.fromUri,
  to_uri: call.toUri,
  remote_number: call.remoteNumber ?? null,
  codec: call.codec ?? null,
  srtp: call.srtp ?? null,
  started_at_ms: Math.round(call.startedAtMs),
  answered_at_ms: rounded(call.answeredAtMs),
  ended_at_ms: rounded(call.endedAtMs),
  result: call.termination?.result ?? null,
  reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
  sip_reason: call.sipReason ?? null,
  ended_by: call.endedBy ?? null,
  q850_cause: call.q850Cause ?? null,
  outcome: outcomeOf(call) ?? null,
  talked_ms:
    call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : Math.round(call.endedAtMs - call.answeredAtMs),
  from_party: partyOf(call.fromUri),
  to_party: partyOf(call.toUri),
  sip_peer: call.sipPeer ?? null,
  trunk_id: call.trunk?.id ?? null,
  trunk_name: call.trunk?.name ?? null,
  media_peer: call.mediaPeer ?? null,
  audio_fault: call.audioFault ? JSON.stringify(call.audioFault) : null,
  transfer: call.transfer ? JSON.stringify(call.transfer) : null,
  participants: call.participants?.length ? JSON.stringify(call.participants) : null,
  variables: call.variables && Object.keys(call.variables).length > 0 ? JSON.stringify(call.variables) : null,
  guidance: call.guidance ? JSON.stringify(call.guidance) : null,
  handoffs: call.handoffs?.length ? JSON.stringify(call.handoffs) : null,
  collected_data: call.collectedData ? JSON.stringify(call.collectedData) : null,
  recording_path: call.recordingPath ?? null,
  recording_started_at_ms: rounded(call.recordingStartedAtMs),
  heard_tones: call.heardTones?.length ? JSON.stringify(call.heardTones) : null,
  answered_by: call.answeredBy ? JSON.stringify(call.answeredBy) : null,
  recording_pauses: call.recordingPauses?.length ? JSON.stringify(call.recordingPauses) : null,
  setup: JSON.stringify(call.setup),
  media_stats: call.mediaStats ? JSON.stringify(finiteNumbers(call.mediaStats)) : null,
  provider_failures: call.providerFailures?.length ? JSON.stringify(call.providerFailures) : null,
  provider_usage: call.providerUsage?.length ? JSON.stringify(call.providerUsage) : null,
  quality: call.quality ? JSON.stringify(call.quality) : null,
});

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms));

/** CHECK constraints keep these casts honest. */
export const toCall = (row: Selectable<CallsTable>): Call => ({
  id: row.id as CallId,
  tenantId: row.tenant_id as TenantId,
  direction: row.direction as CallDirection,
  status: row.status as CallStatus,
  agentId: (row.agent_id ?? undefined) as AgentId | undefined,
  agentName: row.agent_name,
  agentVersion: row.agent_version ?? undefined,
  taskId: (row.task_id ?? undefined) as TaskId | undefined,
  apiKeyId: (row.api_key_id ?? undefined) as ApiKeyId | undefined,
  sipCallId: row.sip_call_id,
  fromUri: row.from_uri,
  toUri: row.to_uri,
  remoteNumber: row.remote_number ?? undefined,
  codec: row.codec ?? undefined,
  srtp: (row.srtp ?? undefined) as SrtpSuite | undefined,
  startedAtMs: row.started_at_ms,
  answeredAtMs: row.answered_at_ms ?? undefined,
  endedAtMs: row.ended_at_ms ?? undefined,
  termination: row.result === null ? undefined : ({ result: row.result, reason: row.reason } as Termination),
  sipCode: row.sip_code ?? undefined,
  sipReason: row.sip_reason ?? undefined,
  endedBy: (row.ended_by ?? undefined) as EndedBy | undefined,
  q850Cause: row.q850_cause ?? undefined,
  sipPeer: row.sip_peer ?? undefined,
  trunk: row.trunk_id === null ? undefined : { id: row.trunk_id as TrunkId, name: row.trunk_name ?? '' },
  mediaPeer: row.media_peer ?? undefined,
  audioFault: row.audio_fault === null ? undefined : audioFaultOf(row.audio_fault),
  transfer: row.transfer === null ? undefined : transferOf(row.transfer),
  participants: row.participants === null ? undefined : participantsOf(row.participants),
  variables: row.variables === null ? undefined : VariablesJson.parse(JSON.parse(row.variables)),
  guidance: row.guidance === null ? undefined : guidanceOf(row.guidance),
  handoffs: row.handoffs === null ? undefined : handoffsOf(row.handoffs),
  collectedData: row.collected_data === null ? undefined : CollectedJson.parse(JSON.parse(row.collected_data)),
  recordingPath: row.recording_path ?? undefined,
  recordingStartedAtMs: row.recording_started_at_ms ?? undefined,
  heardTones: row.heard_tones === null ? undefined : heardTonesOf(row.heard_tones),
  answeredBy: row.answered_by === null ? undefined : answeredByOf(row.answered_by),
  recordingPauses: row.recording_pauses === null ? undefined : recordingPausesOf(row.recording_pauses),
  setup: row.setup === null ? NO_SETUP : setupOf(row.setup),
  mediaStats: row.media_stats === null ? undefined : MediaStatsJson.parse(JSON.parse(row.media_stats)),
  providerFailures: row.provider_failures === null ? undefined : providerFailuresOf(row.provider_failures),
  providerUsage: row.provider_usage === null ? undefined : providerUsageOf(row.provider_usage),
  quality: row.quality === null ? undefined : qualityOf(row.quality),
});
