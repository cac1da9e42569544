import type { z } from 'zod';
import type { Call } from '../../../domain/call.js';
import { outcomeOf } from '../../../domain/call-ending.js';
import { shownParty } from '../../../domain/party.js';
import type { Report } from '../../../domain/report.js';
import type { Transcript } from '../../../reports/report-service.js';
import { versionIdOf } from './agent-translation.js';
import type { CallResource, ReportResource, TranscriptResource } from './call-schema.js';
import { isoTime, isoTimeOrNull, seconds } from './fields.js';

/** `callsUrl` is where the calls of this dialect lie. */
export const presentCall = (call: Call, callsUrl: string): z.input<typeof CallResource> => ({
  id: call.id,
  agent_id: call.agentId ?? null,
  agent_name: call.agentName,
  agent_version_id: call.agentVersion === undefined ? null : versionIdOf(call.agentVersion),
  channel_id: call.trunk?.id ?? null,
  direction: call.direction,
  status: call.status,
  from: shownParty(call.fromUri),
  to: shownParty(call.toUri),
  started_at: isoTime(call.startedAtMs),
  answered_at: isoTimeOrNull(call.answeredAtMs),
  ended_at: isoTimeOrNull(call.endedAtMs),
  duration_seconds:
    call.answeredAtMs === undefined || call.endedAtMs === undefined ? null : seconds(call.endedAtMs - call.answeredAtMs),
  outcome: outcomeOf(call) ?? null,
  ended_by: call.endedBy ?? null,
  end_reason: call.termination?.reason ?? null,
  sip_code: call.sipCode ?? null,
  recording_url: call.recordingPath !== undefined && call.endedAtMs !== undefined ? `${callsUrl}/${call.id}/recording` : null,
  collected_data: { ...call.collectedData },
});

export const presentTranscript = (call: Call, { source, entries }: Transcript): z.input<typeof TranscriptResource> => ({
  call_id: call.id,
  status: call.status,
  source,
  entries: entries.map((entry) => ({
    sequence: entry.sequence,
    role: entry.speaker === 'caller' ? 'user' : 'agent',
    text: entry.speaker === 'caller' ? entry.text : entry.heardText,
    interrupted: entry.interrupted,
    start_seconds: seconds(entry.startMs),
    end_seconds: seconds(entry.endMs),
  })),
});

export const presentReport = (report: Report): z.input<typeof ReportResource> => ({
  call_id: report.callId,
  summary: report.summary,
  outcome: report.outcome,
  sentiment: report.sentiment ?? null,
  key_points: [...report.keyPoints],
  action_items: [...report.actionItems],
  extracted_data: { ...report.extractedData },
  created_at: isoTime(report.createdAtMs),
});
