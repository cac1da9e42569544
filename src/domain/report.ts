import type { CallId, TenantId } from '../core/ids.js';
import type { TranscriptEntry } from './call.js';

/** How the conversation came out. Without a language model only the last four are ever told: the rest would be a guess. */
export const REPORT_OUTCOMES = [
  'resolved',
  'unresolved',
  'callback_wanted',
  'voicemail',
  'no_conversation',
  'not_answered',
  'unknown',
] as const;
export type ReportOutcome = (typeof REPORT_OUTCOMES)[number];

export const SENTIMENTS = ['positive', 'neutral', 'negative'] as const;
export type Sentiment = (typeof SENTIMENTS)[number];

export type ExtractedValue = string | number | boolean | null | readonly string[];

/** What was read out of a conversation by the agent's own JSON Schema. */
export type Extraction = {
  /** Undefined where a model gave no object at all. */
  data: object | undefined;
  /** What breaks the schema; empty when nothing does. */
  faults: readonly string[];
  /** How often a model was asked; 0: the rules found it. */
  attempts: number;
};

/** What whoever writes a report has to say. */
export type ReportContent = {
  summary: string;
  outcome: ReportOutcome;
  /** The caller's; undefined where nobody judged it. */
  sentiment: Sentiment | undefined;
  /** What it was about, in a few words each; the main one first. */
  topics: readonly string[];
  keyPoints: readonly string[];
  /** What somebody has still to do. */
  actionItems: readonly string[];
  extractedData: Readonly<Record<string, ExtractedValue>>;
  /** Of agents that ask for one. */
  extraction?: Extraction | undefined;
};

/** Counted from the transcript, whoever writes the report. */
export type ReportStatistics = {
  /** From answer to end. */
  durationMs: number;
  callerSpeechMs: number;
  agentSpeechMs: number;
  callerUtterances: number;
  agentUtterances: number;
  /** Of the agent by the caller. */
  interruptions: number;
};

/** A report by nobody but the rules of this program. */
export const EMBEDDED = 'embedded';

/** Of one ended call; there is one at most, and it goes with the call. */
export type Report = ReportContent & {
  callId: CallId;
  tenantId: TenantId;
  statistics: ReportStatistics;
  /** `embedded`, or the language model's provider. */
  generatedBy: string;
  model: string | undefined;
  createdAtMs: number;
};

/** What was understood of a call's recording afterwards; stands beside what was written down while it lasted. */
export type RecordedTranscript = {
  callId: CallId;
  tenantId: TenantId;
  /** The recogniser's name. */
  recogniser: string;
  entries: readonly TranscriptEntry[];
  createdAtMs: number;
};
