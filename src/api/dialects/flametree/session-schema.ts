import { z } from 'zod';
import { MAX_MESSAGE_CHARACTERS, SESSION_ENDINGS } from '../../../domain/session.js';

/** What a client may say of where a contact writes from. */
export const EXT_TYPES = ['web', 'mobile', 'telegram', 'whatsapp', 'email', 'sip', 'facebook'] as const;
export const MODES = ['REGULAR', 'COPILOT', 'OPERATOR'] as const;
const MAX_TIMEOUT_S = 30 * 24 * 3600;

const line = (most: number) => z.string().trim().max(most);
const language = z
  .string()
  .max(35)
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en or de-AT')
  .meta({ example: 'en-US' });
const json = z.record(z.string(), z.unknown());

export const userId = line(200).min(1);

const PERSON = {
  name: line(200).nullish().meta({ example: 'John Smith' }),
  email: z.email().max(320).nullish().meta({ example: 'john.smith@example.com' }),
  phone: line(40).nullish().meta({ example: '+1555123456' }),
  args: z.array(z.unknown()).max(100).optional().meta({ description: 'Kept for the agent as `args` of its context data.' }),
  kwargs: json.optional().meta({
    description: 'Fills placeholders in the texts of the agent.',
    example: { user_profile_info: 'Very important client' },
  }),
  user_info: json.optional().meta({ description: 'What the client tells of itself; kept.', example: { platform: 'Win32' } }),
  language: language.optional().meta({ description: 'Left out, that of the agent.' }),
  timeout: z.number().int().min(1).max(MAX_TIMEOUT_S).optional().meta({ description: 'Seconds the session may last.' }),
  show_thoughts: z.boolean().optional().meta({ description: 'Whether the socket tells thoughts.' }),
  voice_name: line(200).min(1).nullish().meta({ description: "What the session is spoken with, in place of the agent's voice." }),
};

export const SessionCreate = z
  .object({
    user_id: userId.meta({ example: 'd7915d1e-8aea-41d2-a331-87d7cc4875da' }),
    type: z.enum(EXT_TYPES).default('web'),
    ...PERSON,
  })
  .meta({ id: 'FlametreeSessionCreate' });

export const SessionUpdate = z
  .object({
    ...PERSON,
    mode: z.enum(MODES).optional(),
    operator_id: line(200).min(1).optional().meta({ description: 'Of who takes over, in the modes COPILOT and OPERATOR.' }),
    operator_name: line(200).min(1).optional(),
    conversation_result: z.unknown().optional(),
  })
  .meta({ id: 'FlametreeSessionUpdate' });

export const SessionClose = z.object({
  status: z.enum(SESSION_ENDINGS).default('completed').meta({ description: 'As a query parameter, or in a JSON body.' }),
});

export const SessionResource = z
  .object({
    session_id: z.uuid(),
    session_type: z.literal('custom_stateful'),
    mode: z.enum(MODES),
    conversation_id: z.null(),
    ext_type: z.string().meta({ example: 'web' }),
    user_id: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    channel_id: z.null(),
    timeout: z.number().meta({ description: 'Seconds.', example: 259_200 }),
    greeting_text: z.string().nullable(),
    inbound_phrase: z.null(),
    start_phrase: z.null(),
    language: z.string().meta({ example: 'en' }),
    llm_backend: z.string().nullable(),
    show_thoughts: z.boolean(),
    conversation_result: z.unknown(),
    operator_id: z.string().nullable(),
    operator_name: z.string().nullable(),
    env_info: z.object({ current_date: z.string().meta({ example: '2025-06-26 Thu' }), tenant_id: z.uuid() }),
    kwargs: z.looseObject({ tenant_id: z.uuid() }),
    close_time: z.number().meta({ description: 'When it closes by itself or was closed: seconds since 1970.' }),
    voice_name: z.string().nullable(),
    status: z.string().meta({ description: '`open`, or how it was closed.', example: 'open' }),
  })
  .meta({ id: 'FlametreeSession' });

/** The fields of the form, beside the files in `attachments`. */
export const MessageForm = z.object({
  message: z.string().trim().min(1).max(MAX_MESSAGE_CHARACTERS).meta({ example: 'Hello, I need help with my account' }),
});

export const ReplyResource = z
  .object({
    response: z.string().meta({ description: 'Empty while a human answers.' }),
    metadata: z.object({ mode: z.enum(MODES) }),
  })
  .meta({ id: 'FlametreeReply' });
