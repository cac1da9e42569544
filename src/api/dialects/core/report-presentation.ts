import type { z } from 'zod';
import type { Call, Speaker, TranscriptEntry } from '../../../domain/call.js';
import { agentAt } from '../../../domain/handoff.js';
import type { ExtractedValue, Report } from '../../../domain/report.js';
import type { Transcript } from '../../../reports/report-service.js';
import type { ReportResource, TranscribedResource, TranscriptEntryResource, TranscriptResource } from './report-schema.js';

/** As the schema of transcripts names whoever speaks. */
export const roleOf = (speaker: Speaker): z.input<typeof TranscriptEntryResource>['role'] =>
  speaker === 'caller' ? 'user' : speaker;

export const presentEntry = (entry: TranscriptEntry, call: Call): z.input<typeof TranscriptEntryResource> => ({
  sequence: entry.sequence,
  role: roleOf(entry.speaker),
  message: entry.speaker === 'caller' ? entry.text : entry.heardText,
  full_message: entry.text,
  interrupted: entry.interrupted,
  agent_id: agentAt(call, entry.startMs).agentId ?? null,
  start_ms: entry.startMs,
  end_ms: entry.endMs,
  time_in_call_secs: Math.round(entry.startMs) / 1000,
  feedback: entry.feedback ?? null,
});

export const presentTranscript = (call: Call, { source, entries }: Transcript): z.input<typeof TranscriptResource> => ({
  call_id: call.id,
  status: call.status,
  source,
  transcript: entries.map((entry) => presentEntry(entry, call)),
});

export const presentTranscribed = (call: Call, transcript: Transcript, report: Report): z.input<typeof TranscribedResource> => ({
  ...presentTranscript(call, transcript),
  extracted_data: presentData(report.extractedData),
  report: presentReport(report),
});

export const presentReport = (report: Report): z.input<typeof ReportResource> => ({
  call_id: report.callId,
  summary: report.summary,
  outcome: report.outcome,
  sentiment: report.sentiment ?? null,
  topics: [...report.topics],
  key_points: [...report.keyPoints],
  action_items: [...report.actionItems],
  extracted_data: presentData(report.extractedData),
  extraction: report.extraction
    ? {
        data: report.extraction.data ? { ...report.extraction.data } : null,
        valid: report.extraction.faults.length === 0,
        faults: [...report.extraction.faults],
        attempts: report.extraction.attempts,
      }
    : null,
  statistics: {
    duration_ms: report.statistics.durationMs,
    caller_speech_ms: report.statistics.callerSpeechMs,
    agent_speech_ms: report.statistics.agentSpeechMs,
    caller_utterances: report.statistics.callerUtterances,
    agent_utterances: report.statistics.agentUtterances,
    interruptions: report.statistics.interruptions,
  },
  generated_by: report.generatedBy,
  model: report.model ?? null,
  created_at: new Date(report.createdAtMs).toISOString(),
});

type PresentedData = z.input<typeof ReportResource>['extracted_data'];

const presentData = (data: Readonly<Record<string, ExtractedValue>>): PresentedData => ({ ...data }) as PresentedData;
