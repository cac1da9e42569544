import type { Call, TranscriptEntry } from '../domain/call.js';
import type { ReportStatistics } from '../domain/report.js';

const DIGIT = /^\[digit (.)\]$/u;

/** A key press stands in the transcript as `[digit 5]`. */
export const digitOf = (entry: TranscriptEntry): string | undefined =>
  entry.speaker === 'caller' ? DIGIT.exec(entry.text)?.[1] : undefined;

/** What was spoken, without key presses; of the agent what was heard. */
export const spoken = (entries: readonly TranscriptEntry[], by: TranscriptEntry['speaker']): readonly TranscriptEntry[] =>
  entries.filter((entry) => entry.speaker === by && digitOf(entry) === undefined && (by === 'caller' || entry.heardText !== ''));

/** What can be counted of a conversation. */
export function statisticsOf(
  call: Pick<Call, 'answeredAtMs' | 'endedAtMs'>,
  entries: readonly TranscriptEntry[],
): ReportStatistics {
  const caller = spoken(entries, 'caller');
  const agent = spoken(entries, 'agent');
  return {
    durationMs: Math.max(0, (call.endedAtMs ?? 0) - (call.answeredAtMs ?? call.endedAtMs ?? 0)),
    callerSpeechMs: lengthMs(caller),
    agentSpeechMs: lengthMs(agent),
    callerUtterances: caller.length,
    agentUtterances: agent.length,
    interruptions: agent.filter(({ interrupted }) => interrupted).length,
  };
}

const lengthMs = (entries: readonly TranscriptEntry[]): number =>
  Math.round(entries.reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - startMs), 0));
