import type { CallId } from '../core/ids.js';
import type { AgentSettings } from '../domain/agent.js';
import type { TranscriptEntry } from '../domain/call.js';
import type { UtteranceReader } from '../domain/ports/reports.js';
import type { LanguageModel } from '../domain/ports/speech.js';
import type { ReportContent } from '../domain/report.js';
import type { ChatSession, SessionMessage } from '../domain/session.js';
import { statisticsOf } from '../reports/conversation-facts.js';
import { embeddedReport } from '../reports/embedded-report.js';
import { writtenReport } from '../reports/written-report.js';

export type SessionTalk = { session: ChatSession; settings: AgentSettings; messages: readonly SessionMessage[] };

/** What came of a session: by the language model where it has one that writes, else by the rules for calls. @throws AppError `provider_failed` */
export async function sessionSummary(
  { session, settings, messages }: SessionTalk,
  llm: Pick<LanguageModel, 'write'>,
  reader: UtteranceReader,
  signal: AbortSignal,
): Promise<ReportContent> {
  const { startedAtMs: answeredAtMs, endedAtMs } = session;
  const call = { direction: 'inbound', agentName: settings.name, answeredAtMs, endedAtMs, termination: undefined } as const;
  const entries = messages.flatMap((message, i) => entryOf(message, i, answeredAtMs));
  const material = { call, agent: settings, entries, statistics: statisticsOf(call, entries) };
  const written = llm.write && (await writtenReport({ write: llm.write.bind(llm) }, material, signal));
  if (written) return written;
  const content = embeddedReport(material, reader);
  const said = content.keyPoints.join(' ');
  // How long somebody spoke is nothing that a text conversation has.
  return { ...content, summary: said === '' ? `Text conversation with ${settings.name}.` : said };
}

function entryOf({ role, text, atMs }: SessionMessage, index: number, startedAtMs: number): TranscriptEntry[] {
  if (role !== 'human' && role !== 'ai' && role !== 'operator') return [];
  const speaker = role === 'human' ? 'caller' : 'agent';
  const startMs = Math.max(0, atMs - startedAtMs);
  // Of no call: the id is not looked at by what reads it here.
  const callId = '' as CallId;
  return [{ callId, sequence: index + 1, speaker, text, heardText: text, interrupted: false, startMs, endMs: startMs }];
}
