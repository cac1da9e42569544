import type { AgentId, CallId, ChatSessionId } from '../core/ids.js';
import type { Call, Speaker, TranscriptEntry } from '../domain/call.js';
import { partyOf } from '../domain/party.js';
import type { MessageRole, SessionMessage } from '../domain/session.js';

/** What was said with a contact in one go, in writing or on the telephone. */
export type Conversation = {
  id: ChatSessionId | CallId;
  agentId: AgentId;
  agentName: string;
  /** The contact's, where it is known. */
  name: string | undefined;
  startedAtMs: number;
  messages: readonly ConversationMessage[];
};
/** `id`: of a call, the place in its transcript. */
export type ConversationMessage = Omit<SessionMessage, 'sessionId'>;

/** Whom the call is with, as `partyKey` writes them. */
export const contactOf = ({ direction, fromUri, toUri }: Call): string => partyOf(direction === 'inbound' ? fromUri : toUri);

const ROLE_OF = { caller: 'human', agent: 'ai', operator: 'operator' } as const satisfies Record<Speaker, MessageRole>;

/** What an agent meant to say and was not heard is no part of a conversation. */
export const heard = (entry: TranscriptEntry, { answeredAtMs, startedAtMs }: Call): ConversationMessage => ({
  id: entry.sequence,
  atMs: (answeredAtMs ?? startedAtMs) + entry.startMs,
  role: ROLE_OF[entry.speaker],
  text: entry.speaker === 'caller' ? entry.text : entry.heardText,
  attachments: [],
  feedback: entry.feedback,
});
