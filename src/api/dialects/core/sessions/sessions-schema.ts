import { z } from 'zod';
import { FEEDBACKS } from '../../../../domain/feedback.js';
import {
  MAX_MESSAGE_CHARACTERS,
  MESSAGE_ROLES,
  SESSION_CHANNELS,
  SESSION_ENDINGS,
  SESSION_MODES,
  SESSION_STATUSES,
} from '../../../../domain/session.js';
import { TOOL_OUTCOMES } from '../../../../domain/tool-run.js';
import { PAGE } from '../query-schema.js';
import { required, text } from '../text-schema.js';

const time = z.iso.datetime();
const timeout = z.number().int().min(1_000).max(31_536_000_000);
const name = z.string().max(200);
const data = z
  .record(z.string().min(1).max(100), z.unknown())
  .refine((value) => JSON.stringify(value).length <= 50_000, 'must not have more than 50000 characters');
const Channel = z.enum(SESSION_CHANNELS);

const CHANGEABLE = {
  name: required(200).nullable().optional(),
  email: required(320).nullable().optional(),
  phone: required(100).nullable().optional().meta({ description: "Stands as `{{caller_number}}` in the agent's texts." }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be a language tag such as en-US')
    .optional()
    .meta({ description: "The agent's own when left out.", example: 'en-US' }),
  context_data: data.optional().meta({ description: "Fills `{{placeholders}}` in the agent's texts." }),
  user_info: data.optional().meta({ description: 'What the client tells of itself.' }),
  timeout_ms: timeout
    .optional()
    .meta({ description: 'How long it may last from its beginning; as the agent says when left out.' }),
  idle_timeout_ms: timeout.optional().meta({ description: 'How long the contact may take to answer.' }),
};

export const SessionCreate = z
  .strictObject({
    agent_id: z.uuid(),
    ext_type: Channel.default('web').meta({ description: 'Where the contact writes from.' }),
    ext_id: required(300).meta({ description: 'Who they are there.', example: 'visitor-1' }),
    greets: z.boolean().default(true).meta({ description: "Whether it begins with the agent's `starting_message`." }),
    ...CHANGEABLE,
  })
  .meta({ id: 'SessionCreate' });

export const SessionPatch = z.strictObject({ ...CHANGEABLE, result: z.unknown().optional() }).meta({ id: 'SessionPatch' });

export const SessionClose = z
  .strictObject({ status: z.enum(SESSION_ENDINGS).default('completed'), result: z.unknown().optional() })
  .meta({ id: 'SessionClose' });

export const MessageCreate = z
  .strictObject({ text: text(MAX_MESSAGE_CHARACTERS).default('').meta({ example: 'When are you open?' }) })
  .meta({ id: 'MessageCreate' });

/** For the document: `messageForm` reads the files. */
export const MessageForm = z
  .object({ text: z.string().optional(), attachments: z.array(z.string().meta({ format: 'binary' })).optional() })
  .meta({ id: 'MessageForm' });

export const OperatorMessage = z
  .strictObject({
    role: z.enum(['operator', 'copilot', 'notes']).default('operator').meta({
      description: '`operator` is for the contact; the others are seen by operators alone.',
    }),
    text: required(MAX_MESSAGE_CHARACTERS),
  })
  .meta({ id: 'OperatorMessage' });

export const ModeChange = z
  .strictObject({
    mode: z.enum(SESSION_MODES),
    operator: z.strictObject({ id: required(200), name: required(200) }).optional(),
  })
  .meta({ id: 'SessionModeChange' });

export const FeedbackChange = z
  .strictObject({ feedback: z.union([z.enum(FEEDBACKS), z.null()]) })
  .meta({ id: 'MessageFeedback' });

export const SessionsQuery = z.object({
  agent_id: z.uuid().optional(),
  ext_type: Channel.optional(),
  ext_id: text(300).optional(),
  status: z.enum(SESSION_STATUSES).optional(),
  ...PAGE,
});

export const SessionResource = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid(),
    agent_version: z.number().int(),
    ext_type: Channel,
    ext_id: z.string(),
    name: name.nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    language: z.string(),
    mode: z.enum(SESSION_MODES).meta({
      description:
        '`regular`: the agent answers; `operator`: a human, and the agent says nothing; `copilot`: a human, to whom the agent proposes answers.',
    }),
    operator: z.union([z.object({ id: z.string(), name: z.string() }), z.null()]),
    status: z.enum(SESSION_STATUSES).meta({ description: '`open`, or how it ended.' }),
    greeting: z.string().nullable(),
    context_data: z.record(z.string(), z.unknown()),
    user_info: z.record(z.string(), z.unknown()),
    collected_data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    result: z.unknown(),
    timeout_ms: z.number(),
    idle_timeout_ms: z.number().nullable(),
    closes_at: time,
    started_at: time,
    ended_at: time.nullable(),
  })
  .meta({ id: 'Session' });

export const AttachmentResource = z
  .object({ id: z.uuid(), name: z.string(), content_type: z.string(), size_bytes: z.number().int() })
  .meta({ id: 'SessionAttachment' });

export const MessageResource = z
  .object({
    id: z.number().int().meta({ description: 'Grows within a session.' }),
    role: z.enum(MESSAGE_ROLES).meta({
      description: '`copilot`: what the agent proposes to an operator; `notes`: among operators. The contact sees neither.',
    }),
    text: z.string(),
    attachments: z.array(AttachmentResource),
    feedback: z.union([z.enum(FEEDBACKS), z.null()]).meta({ description: 'What the contact thinks of it.' }),
    created_at: time,
  })
  .meta({ id: 'SessionMessage' });

export const SentResource = z
  .object({
    message: MessageResource,
    reply: z.union([MessageResource, z.null()]).meta({ description: 'Null where a human answers.' }),
    mode: z.enum(SESSION_MODES),
  })
  .meta({ id: 'SessionReply' });

export const NoteResource = z
  .object({
    kind: z.enum(['tool', 'failure']),
    name: z.string().meta({ description: 'Of the tool, or of the provider that failed.' }),
    arguments: z.unknown().meta({ description: 'Of a tool; what is secret is masked.' }),
    outcome: z.union([z.enum(TOOL_OUTCOMES), z.null()]).meta({ description: 'Of a tool.' }),
    reason: z.string().nullable(),
    duration_ms: z.number().nullable(),
    at: time,
  })
  .meta({ id: 'SessionNote' });
