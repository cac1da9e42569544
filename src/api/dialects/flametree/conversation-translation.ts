import type { z } from 'zod';
import type { Feedback } from '../../../domain/feedback.js';
import type { MessageRole } from '../../../domain/session.js';
import type { Conversation, ConversationMessage } from '../../../sessions/call-conversation.js';
import type { ConversationsResource, CustomerQuery, FEEDBACKS, LogResource, ROLES } from './conversation-schema.js';

type Customer = z.output<typeof CustomerQuery>;
type Reaction = (typeof FEEDBACKS)[number];

const ROLE_OF = {
  human: 'HUMAN',
  ai: 'AI',
  operator: 'OPERATOR',
  copilot: 'COPILOT',
  notes: 'NOTES',
} as const satisfies Record<MessageRole, (typeof ROLES)[number]>;

const REACTION_OF = { good: 'GOOD', bad: 'BAD' } as const satisfies Record<Feedback, Reaction>;

export const toFeedback = (reaction: Reaction): Feedback | undefined =>
  reaction === 'NONE' ? undefined : reaction === 'GOOD' ? 'good' : 'bad';

/** To the second, as the document writes it. */
const isoTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** `url`: of an attachment, by its id. */
export const presentLog = (message: ConversationMessage, url: (attachment: string) => string): z.input<typeof LogResource> => ({
  id: message.id,
  timestamp: isoTime(message.atMs),
  role: ROLE_OF[message.role],
  text: message.text,
  attachments: message.attachments.map(({ id, name, contentType, sizeBytes }) => ({
    id,
    name,
    content_type: contentType,
    size: sizeBytes,
    url: url(id),
  })),
  feedback: message.feedback ? REACTION_OF[message.feedback] : 'NONE',
});

/** Links to an attachment, which answer to the customer whose it is. */
export const attachmentPath = ({ ext_id, ext_type }: { ext_id: string; ext_type: string }, id: string): string =>
  `/api/v1/public/conversations/attachments/${id}?${new URLSearchParams({ ext_id, ext_type }).toString()}`;

/** `token`: as it may be shown. `link`: the address of a path of this server. */
export function presentConversations(
  customer: Customer,
  found: readonly Conversation[],
  { token, link }: { token: string; link: (path: string) => string },
): z.input<typeof ConversationsResource> {
  return {
    user_id: customer.ext_id,
    user_name: found.find(({ name }) => name !== undefined)?.name ?? null,
    conversations: found.map(({ id, agentId, agentName, startedAtMs, messages }) => ({
      session_id: id,
      bot_url: link(`/chatbot/${agentId}`),
      bot_name: agentName,
      bot_api_key: token,
      start_time: isoTime(startedAtMs),
      logs: messages.map((message) => presentLog(message, (attachment) => link(attachmentPath(customer, attachment)))),
    })),
  };
}
