import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { AgentId, AttachmentId, ChatSessionId, TenantId } from '../core/ids.js';
import type { Feedback } from '../domain/feedback.js';
import type { MessageDraft, SessionNote } from '../domain/ports/chat-sessions.js';
import type {
  ChatSession,
  MessageRole,
  SessionAttachment,
  SessionChannel,
  SessionMessage,
  SessionMode,
  SessionStatus,
  StoredAttachment,
} from '../domain/session.js';
import { toolRunJson, toToolRun } from './action-rows.js';
import type {
  ChatSessionsTable,
  ChatSessionTables,
  SessionAttachmentsTable,
  SessionMessagesTable,
} from './chat-session-tables.js';
import { providerFailuresOf } from './rows.js';

const ObjectJson = z.record(z.string(), z.unknown());
const CollectedJson = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What may change in the course of a session. */
export const changingColumns = (session: ChatSession) => ({
  name: session.name ?? null,
  email: session.email ?? null,
  phone: session.phone ?? null,
  language: session.language,
  mode: session.mode,
  operator_id: session.operator?.id ?? null,
  operator_name: session.operator?.name ?? null,
  status: session.status,
  context_data: JSON.stringify(session.contextData),
  user_info: JSON.stringify(session.userInfo),
  collected_data: JSON.stringify(session.collectedData),
  result: session.result === undefined ? null : JSON.stringify(session.result),
  timeout_ms: session.timeoutMs,
  closes_at_ms: Math.round(session.closesAtMs),
  idle_timeout_ms: session.idleTimeoutMs ?? null,
  idle_at_ms: session.idleAtMs === undefined ? null : Math.round(session.idleAtMs),
  ended_at_ms: session.endedAtMs === undefined ? null : Math.round(session.endedAtMs),
});

export const sessionRow = (session: ChatSession) => ({
  id: session.id,
  tenant_id: session.tenantId,
  agent_id: session.agentId,
  agent_version: session.agentVersion,
  ext_type: session.extType,
  ext_id: session.extId,
  greeting: session.greeting ?? null,
  started_at_ms: Math.round(session.startedAtMs),
  ...changingColumns(session),
});

/** CHECK constraints keep these casts honest. */
export const toSession = (row: Selectable<ChatSessionsTable>): ChatSession => ({
  id: row.id as ChatSessionId,
  tenantId: row.tenant_id as TenantId,
  agentId: row.agent_id as AgentId,
  agentVersion: row.agent_version,
  extType: row.ext_type as SessionChannel,
  extId: row.ext_id,
  name: row.name ?? undefined,
  email: row.email ?? undefined,
  phone: row.phone ?? undefined,
  language: row.language,
  mode: row.mode as SessionMode,
  operator: row.operator_id === null ? undefined : { id: row.operator_id, name: row.operator_name ?? '' },
  status: row.status as SessionStatus,
  greeting: row.greeting ?? undefined,
  contextData: ObjectJson.parse(JSON.parse(row.context_data)),
  userInfo: ObjectJson.parse(JSON.parse(row.user_info)),
  collectedData: CollectedJson.parse(JSON.parse(row.collected_data)),
  result: row.result === null ? undefined : (JSON.parse(row.result) as unknown),
  timeoutMs: row.timeout_ms,
  closesAtMs: row.closes_at_ms,
  idleTimeoutMs: row.idle_timeout_ms ?? undefined,
  idleAtMs: row.idle_at_ms ?? undefined,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms ?? undefined,
});

export const messageRow = ({ tenantId, sessionId, atMs, role, text, sourceId, readUpTo }: MessageDraft) => ({
  tenant_id: tenantId,
  session_id: sessionId,
  at_ms: Math.round(atMs),
  role,
  text,
  feedback: null,
  source_id: sourceId ?? null,
  read_up_to: readUpTo ?? null,
});

export const toMessage = (row: Selectable<SessionMessagesTable>, attachments: readonly SessionAttachment[]): SessionMessage => ({
  id: row.id,
  sessionId: row.session_id as ChatSessionId,
  atMs: row.at_ms,
  role: row.role as MessageRole,
  text: row.text,
  attachments,
  feedback: (row.feedback ?? undefined) as Feedback | undefined,
});

export const attachmentRow = (session: ChatSessionId, message: number, attachment: StoredAttachment) => ({
  id: attachment.id,
  session_id: session,
  message_id: message,
  name: attachment.name,
  content_type: attachment.contentType,
  size_bytes: attachment.sizeBytes,
  path: attachment.path,
  text: attachment.text ?? null,
});

export const toAttachment = (row: Selectable<SessionAttachmentsTable>): StoredAttachment => ({
  ...attachmentOf(row),
  path: row.path,
  text: row.text ?? undefined,
});

/** Without what only the server is to know. */
export const attachmentOf = (
  row: Pick<Selectable<SessionAttachmentsTable>, 'id' | 'name' | 'content_type' | 'size_bytes'>,
): SessionAttachment => ({
  id: row.id as AttachmentId,
  name: row.name,
  contentType: row.content_type,
  sizeBytes: row.size_bytes,
});

export const noteColumns = (note: SessionNote) =>
  note.kind === 'tool'
    ? { kind: note.kind, body: toolRunJson(note.run), result: note.result }
    : { kind: note.kind, body: JSON.stringify([note.failure]), result: null };

export function toNotes(row: Selectable<ChatSessionTables['session_notes']>): SessionNote[] {
  if (row.kind === 'tool') return [{ kind: 'tool', run: toToolRun(row.body), result: row.result ?? '' }];
  return providerFailuresOf(row.body).map((failure) => ({ kind: 'failure', failure }));
}
