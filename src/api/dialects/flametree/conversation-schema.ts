import { z } from 'zod';
import { EXT_TYPES, userId } from './session-schema.js';

export const ROLES = ['HUMAN', 'AI', 'OPERATOR', 'COPILOT', 'NOTES'] as const;
export const FEEDBACKS = ['GOOD', 'BAD', 'NONE'] as const;

/** Customers are named by their id, and by the place that it is an id of. */
export const CustomerQuery = z.object({
  ext_id: userId.meta({ description: 'The `user_id` of the session; a number or user for `sip`.', example: 'user123' }),
  ext_type: z.enum(EXT_TYPES).default('web'),
});

export const ReactionBody = z
  .object({ feedback: z.enum(FEEDBACKS), ext_id: userId, tenant_id: z.uuid().optional() })
  .meta({ id: 'FlametreeReaction' });

const time = z.iso.datetime().meta({ example: '2025-06-26T10:31:00Z' });

const AttachmentResource = z.object({
  id: z.uuid(),
  name: z.string().meta({ example: 'invoice.pdf' }),
  content_type: z.string().meta({ example: 'application/pdf' }),
  size: z.number().int().meta({ description: 'Bytes.' }),
  url: z.string().meta({ description: 'Where it is downloaded.' }),
});

export const LogResource = z
  .object({
    id: z.number().int(),
    timestamp: time,
    role: z.enum(ROLES),
    text: z.string(),
    attachments: z.array(AttachmentResource),
    feedback: z.enum(FEEDBACKS),
  })
  .meta({ id: 'FlametreeLog' });

export const ConversationsResource = z
  .object({
    user_id: z.string(),
    user_name: z.string().nullable(),
    conversations: z.array(
      z.object({
        session_id: z.uuid(),
        bot_url: z.string().meta({ example: 'https://voice.example/chatbot/0194bd3a-7c00-7000-8000-000000000001' }),
        bot_name: z.string(),
        bot_api_key: z
          .string()
          .meta({ description: 'Which token this was asked with; never the whole of it.', example: 'ft_...' }),
        start_time: time,
        logs: z.array(LogResource),
      }),
    ),
  })
  .meta({ id: 'FlametreeConversations' });
