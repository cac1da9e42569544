import type { AgentId, AttachmentId, ChatSessionId, TenantId } from '../../core/ids.js';
import type { Feedback } from '../feedback.js';
import type { ProviderFailure } from '../provider-failure.js';
import type {
  ChatSession,
  MessageRole,
  SessionAttachment,
  SessionChannel,
  SessionMessage,
  SessionStatus,
  StoredAttachment,
} from '../session.js';
import type { ToolRun } from '../tool-run.js';
import type { Listed, Page } from './repositories.js';

/** What is absent does not matter; all that is present must hold. */
export type SessionFilter = {
  agentId?: AgentId | undefined;
  extType?: SessionChannel | undefined;
  extId?: string | undefined;
  status?: SessionStatus | undefined;
};

/** So many sessions of the agent may have begun since then. */
export type SessionQuota = { sinceMs: number; most: number };

export type MessageDraft = {
  tenantId: TenantId;
  sessionId: ChatSessionId;
  atMs: number;
  role: MessageRole;
  text: string;
  attachments: readonly StoredAttachment[];
  /** What it is known by when it is delivered again, unique within the tenant. */
  sourceId?: string | undefined;
  /** The last message that was known when it was made; all that are there when absent. */
  readUpTo?: number | undefined;
};

/** What happened while an answer was made; `result` is what the model was told of the tool. */
export type SessionNote = { kind: 'tool'; run: ToolRun; result: string } | { kind: 'failure'; failure: ProviderFailure };

/** A message with what only its server knows of it. */
export type HistoryEntry = Omit<SessionMessage, 'attachments'> & {
  attachments: readonly StoredAttachment[];
  /** Its own id, or where more was said while it was made, the id of the last message that it answers. */
  readUpTo: number;
};

/** In order; notes follow the message of the id `after`. */
export type SessionHistory = {
  entries: readonly HistoryEntry[];
  notes: readonly { after: number; note: SessionNote }[];
};

export interface ChatSessionRepository {
  /** With its greeting as the first message. One that is over the quota is stored as `daily_limit_exceeded`, without a greeting. Returns what was stored. */
  insert(session: ChatSession, quota: SessionQuota | undefined): Promise<ChatSession>;
  find(tenant: TenantId, id: ChatSessionId): Promise<ChatSession | undefined>;
  /** Of any tenant: for those who prove nothing but that they know its id. */
  findAnywhere(id: ChatSessionId): Promise<ChatSession | undefined>;
  /** Newest first. */
  list(tenant: TenantId, filter: SessionFilter, page: Page): Promise<Listed<ChatSession>>;
  /** Stores what `change` makes of an open session, and returns it. @throws AppError `session_not_found`, or `conflict` when it is closed */
  change(tenant: TenantId, id: ChatSessionId, change: (session: ChatSession) => ChatSession): Promise<ChatSession>;
  /** Deletes it with all that was said. False: there is none, or it is open. */
  delete(tenant: TenantId, id: ChatSessionId): Promise<boolean>;
  /** Adds to an open session; undefined when one of that source is there already. @throws AppError `session_not_found`, or `conflict` when it is closed */
  append(draft: MessageDraft): Promise<SessionMessage | undefined>;
  note(id: ChatSessionId, after: number, note: SessionNote): Promise<void>;
  /** In order. */
  messages(tenant: TenantId, id: ChatSessionId): Promise<SessionMessage[]>;
  history(tenant: TenantId, id: ChatSessionId): Promise<SessionHistory>;
  /** The message as it is then; undefined when there is none that the contact can see. */
  react(
    tenant: TenantId,
    id: ChatSessionId,
    message: number,
    feedback: Feedback | undefined,
  ): Promise<SessionMessage | undefined>;
  attachment(
    tenant: TenantId,
    id: AttachmentId,
  ): Promise<(SessionAttachment & { path: string; sessionId: ChatSessionId }) | undefined>;
  hasFile(path: string): Promise<boolean>;
  /** Open ones whose time is over, of all tenants, the longest overdue first. */
  due(nowMs: number, limit: number): Promise<ChatSession[]>;
  nextDueMs(): Promise<number | undefined>;
  /** Open ones of all tenants that the agent has to answer in. */
  unanswered(limit: number): Promise<ChatSession[]>;
}
