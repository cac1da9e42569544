import type { CallId } from '../../../core/ids.js';
import type { ChatSession, SessionMessage } from '../../../domain/session.js';
import type { ConversationMessage } from '../../../sessions/call-conversation.js';
import { attachmentPath, presentLog } from './conversation-translation.js';
import { presentMode } from './session-translation.js';

type Told = Pick<ChatSession, 'agentId' | 'extType' | 'extId' | 'status' | 'mode'> & { id: ChatSession['id'] | CallId };

const about = ({ id }: Pick<Told, 'id'>) => ({ session_id: id });

/** Sockets do not know by which address they were reached: links in them are paths. */
const logOf = ({ extId, extType }: Pick<Told, 'extId' | 'extType'>, message: ConversationMessage) =>
  presentLog(message, (attachment) => attachmentPath({ ext_id: extId, ext_type: extType }, attachment));

export const presentChunk = (session: ChatSession, text: string) => ({ type: 'chunk', ...about(session), text });
export const presentThought = (session: ChatSession, text: string) => ({ type: 'thought', ...about(session), text });
export const presentTimeout = (session: ChatSession) => ({ type: 'timeout', ...about(session) });
export const presentClose = (session: ChatSession) => ({ type: 'close', ...about(session), status: session.status });

/** `role` tells whether the agent says it or an operator. */
export const presentMessage = (session: ChatSession, message: SessionMessage) => ({
  type: 'message',
  ...about(session),
  ...logOf(session, message),
  metadata: { mode: presentMode(session.mode) },
});

export type ConversationEvent =
  | 'CONVERSATION_CREATED'
  | 'CONVERSATION_CLOSED'
  | 'CONVERSATION_NEW_MESSAGE'
  | 'CONVERSATION_BOT_STATUS_MODIFIED';

/** What the list of conversations is kept up to date by. */
export const presentConversationEvent = (type: ConversationEvent, session: Told, message?: ConversationMessage) => ({
  type,
  ...about(session),
  agent_id: session.agentId,
  ext_type: session.extType,
  status: session.status,
  mode: presentMode(session.mode),
  ...(message && { log: logOf(session, message) }),
});
