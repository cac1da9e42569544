import type { CallId, TenantId } from '../../core/ids.js';
import type { AgentSettings } from '../agent.js';
import type { Call } from '../call.js';
import type { RecordedTranscript, Report } from '../report.js';

/** Both kinds of record go when their call is deleted. */
export interface ReportRepository {
  find(tenant: TenantId, call: CallId): Promise<Report | undefined>;
  /** Takes the place of the report there was, and with `transcript` in the same transaction that of the transcript. @throws AppError `call_not_found` */
  save(report: Report, transcript?: RecordedTranscript): Promise<void>;
  recordedTranscript(tenant: TenantId, call: CallId): Promise<RecordedTranscript | undefined>;
}

/** What an agent's script makes of one utterance of the caller, without answering it. */
export interface UtteranceReader {
  /** `slots`: the days, times, numbers and names in it, as an agent would say them back. */
  read(agent: AgentSettings, text: string): { intent: string | undefined; slots: Readonly<Record<string, string>> };
}

/** What a webhook tells of a call's report. */
export interface ReportExcerpts {
  /** The summary of the stored report, else of one made on the spot; undefined while a better one is under way that is worth the wait. */
  excerptOf(call: Call): Promise<string | undefined>;
}
