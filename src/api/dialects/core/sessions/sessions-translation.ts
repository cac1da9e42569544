import type { z } from 'zod';
import type { AgentId } from '../../../../core/ids.js';
import type { SessionNote } from '../../../../domain/ports/chat-sessions.js';
import type { ChatSession, SessionAttachment, SessionMessage } from '../../../../domain/session.js';
import type { SessionPatch as Patch, Sent, SessionDraft } from '../../../../sessions/session-service.js';
import type {
  AttachmentResource,
  MessageResource,
  NoteResource,
  SentResource,
  SessionCreate,
  SessionPatch,
  SessionResource,
} from './sessions-schema.js';

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** What was not sent is absent; null clears. */
export function toPatch(body: z.output<typeof SessionPatch>): Patch {
  const patch: Patch = {};
  if (body.name !== undefined) patch.name = body.name ?? undefined;
  if (body.email !== undefined) patch.email = body.email ?? undefined;
  if (body.phone !== undefined) patch.phone = body.phone ?? undefined;
  if (body.language !== undefined) patch.language = body.language;
  if (body.context_data !== undefined) patch.contextData = body.context_data;
  if (body.user_info !== undefined) patch.userInfo = body.user_info;
  if (body.timeout_ms !== undefined) patch.timeoutMs = body.timeout_ms;
  if (body.idle_timeout_ms !== undefined) patch.idleTimeoutMs = body.idle_timeout_ms;
  if (body.result !== undefined) patch.result = body.result;
  return patch;
}

export const toDraft = (body: z.output<typeof SessionCreate>): SessionDraft => ({
  ...toPatch(body),
  agentId: body.agent_id.toLowerCase() as AgentId,
  extType: body.ext_type,
  extId: body.ext_id,
  greets: body.greets,
});

export const presentSession = (session: ChatSession): z.input<typeof SessionResource> => ({
  id: session.id,
  agent_id: session.agentId,
  agent_version: session.agentVersion,
  ext_type: session.extType,
  ext_id: session.extId,
  name: session.name ?? null,
  email: session.email ?? null,
  phone: session.phone ?? null,
  language: session.language,
  mode: session.mode,
  operator: session.operator ?? null,
  status: session.status,
  greeting: session.greeting ?? null,
  context_data: { ...session.contextData },
  user_info: { ...session.userInfo },
  collected_data: { ...session.collectedData },
  result: session.result ?? null,
  timeout_ms: session.timeoutMs,
  idle_timeout_ms: session.idleTimeoutMs ?? null,
  closes_at: isoTime(session.closesAtMs),
  started_at: isoTime(session.startedAtMs),
  ended_at: session.endedAtMs === undefined ? null : isoTime(session.endedAtMs),
});

const presentAttachment = ({ id, name, contentType, sizeBytes }: SessionAttachment): z.input<typeof AttachmentResource> => ({
  id,
  name,
  content_type: contentType,
  size_bytes: sizeBytes,
});

export const presentMessage = (message: SessionMessage): z.input<typeof MessageResource> => ({
  id: message.id,
  role: message.role,
  text: message.text,
  attachments: message.attachments.map(presentAttachment),
  feedback: message.feedback ?? null,
  created_at: isoTime(message.atMs),
});

export const presentSent = (
  message: SessionMessage,
  { reply, mode }: Pick<Sent, 'reply' | 'mode'>,
): z.input<typeof SentResource> => ({
  message: presentMessage(message),
  reply: reply ? presentMessage(reply) : null,
  mode,
});

export function presentNote(note: SessionNote): z.input<typeof NoteResource> {
  if (note.kind === 'failure') {
    const { provider, reason, atMs } = note.failure;
    return { kind: 'failure', name: provider, arguments: null, outcome: null, reason, duration_ms: null, at: isoTime(atMs) };
  }
  const { name, arguments: args, outcome, reason = null, durationMs, startedAtMs } = note.run;
  return { kind: 'tool', name, arguments: args, outcome, reason, duration_ms: durationMs, at: isoTime(startedAtMs) };
}
