import type { AgentId, AttachmentId, ChatSessionId, TenantId } from '../core/ids.js';
import type { CollectedData } from './call.js';
import type { Feedback } from './feedback.js';

/** Where a contact writes from: their id (`extId`) is one of that place. */
export const SESSION_CHANNELS = ['web', 'mobile', 'telegram', 'whatsapp', 'email', 'sip', 'facebook', 'sms'] as const;
export type SessionChannel = (typeof SESSION_CHANNELS)[number];

/**
 * Who answers. `regular`: the agent; `operator`: a human, and the agent says nothing; `copilot`: a human, to whom the agent
 * proposes answers that the contact does not see.
 */
export const SESSION_MODES = ['regular', 'copilot', 'operator'] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/** How a session ended, as whoever closed it says; `user_timeout`, `timeout` and `daily_limit_exceeded` are the server's own. */
export const SESSION_ENDINGS = [
  'completed',
  'busy',
  'noanswer',
  'canceled',
  'failed',
  'resolved_by_operator',
  'escalated_by_operator',
  'not_found',
  'network_error',
  'unknown',
  'user_timeout',
  'timeout',
  'declined',
  'transferred',
  'daily_limit_exceeded',
] as const;
export type SessionEnding = (typeof SESSION_ENDINGS)[number];

export const SESSION_STATUSES = ['open', ...SESSION_ENDINGS] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

export type SessionOperator = { id: string; name: string };

/** A text conversation of one contact with one agent. */
export type ChatSession = {
  id: ChatSessionId;
  tenantId: TenantId;
  agentId: AgentId;
  /** It keeps the agent's version that it began with. */
  agentVersion: number;
  extType: SessionChannel;
  extId: string;
  name: string | undefined;
  email: string | undefined;
  phone: string | undefined;
  /** BCP 47. */
  language: string;
  mode: SessionMode;
  /** The human in the modes `copilot` and `operator`. */
  operator: SessionOperator | undefined;
  status: SessionStatus;
  /** The agent's first words, which stand among the messages as well. */
  greeting: string | undefined;
  /** Fills `{{placeholders}}` in the agent's texts. */
  contextData: Readonly<Record<string, unknown>>;
  /** What the client tells of itself; kept, and not used. */
  userInfo: Readonly<Record<string, unknown>>;
  /** What the agent has found out, by the names of the fields. */
  collectedData: CollectedData;
  /** What whoever closed it, or the agent's owner, says came of it. */
  result: unknown;
  /** How long it may last from its beginning. */
  timeoutMs: number;
  closesAtMs: number;
  /** How long the contact may take to answer; undefined: as long as the session lasts. */
  idleTimeoutMs: number | undefined;
  /** When that is over; undefined while it is not the contact's turn. */
  idleAtMs: number | undefined;
  startedAtMs: number;
  endedAtMs: number | undefined;
};

/** `copilot`: a proposal of the agent to the operator; `notes`: among operators. The contact sees neither. */
export const MESSAGE_ROLES = ['human', 'ai', 'operator', 'copilot', 'notes'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

export type SessionAttachment = { id: AttachmentId; name: string; contentType: string; sizeBytes: number };

export type SessionMessage = {
  /** Grows, and is unique among all sessions. */
  id: number;
  sessionId: ChatSessionId;
  atMs: number;
  role: MessageRole;
  text: string;
  attachments: readonly SessionAttachment[];
  /** What the contact thinks of it. */
  feedback: Feedback | undefined;
};

/** An attachment with what the server keeps of it. */
export type StoredAttachment = SessionAttachment & {
  /** Relative to the data directory. */
  path: string;
  /** What could be read in it, for the model. */
  text: string | undefined;
};

/** Three days. */
export const SESSION_TIMEOUT_MS = 259_200_000;
export const MAX_ATTACHMENTS = 10;
export const MAX_ATTACHMENT_BYTES = 10 * 1024 * 1024;
export const MAX_MESSAGE_CHARACTERS = 20_000;
