import { z } from 'zod';
import { CALL_STATUSES } from '../../../domain/call.js';
import { TASK_EVENTS, TASK_STATUSES } from '../../../domain/task.js';
import { CallWindowField, RetryField } from '../../../tasks/call-policy-input.js';
import { AgentResource } from './agent-schema.js';
import { required, text } from './text-schema.js';

const MAX_CONTEXT_LENGTH = 65_536;
const MAX_PRIORITY = 1_000_000;

export const WebhookUrl = z
  .url({ protocol: /^https$/, error: 'must be an https:// URL' })
  .max(2048)
  .meta({ example: 'https://your-app.com/webhooks' });

const ContextData = z
  .record(text(200), z.unknown())
  .refine(
    (data) => JSON.stringify(data).length <= MAX_CONTEXT_LENGTH,
    `must not be longer than ${MAX_CONTEXT_LENGTH} characters as JSON`,
  )
  .meta({
    description:
      'Fills `{{customer_name}}` in prompt, starting message, replies and key texts; `{{order.id}}` reaches into objects.',
    example: { customer_name: 'John Doe', order_id: '12345' },
  });

/** Shared with what makes tasks. */
export const TASK_FIELDS = {
  name: required(200).meta({ example: 'Call customer' }),
  description: text(5000).nullable().meta({ example: 'Follow up call' }),
  to_number: z
    .string()
    .max(200)
    .regex(
      /^(\+[1-9]\d{1,14}|sips?:[\w.!~*'()%+-]+@[^\s<>"\\@;?]+)$/,
      'must be an E.164 number such as +1234567890, or sip:user@ this server for a phone',
    )
    .meta({ description: 'A number, or `sip:user@` this server for one of its phones.', example: '+1234567890' }),
  starting_message: text(5000).nullable().meta({
    description: "Said first instead of the agent's own.",
    example: 'Hello {{customer_name}}, this is a call from our company',
  }),
  context_data: ContextData,
  priority: z
    .number()
    .int()
    .min(-MAX_PRIORITY)
    .max(MAX_PRIORITY)
    .meta({ description: 'Of several tasks that are due, the one with the highest priority is called first.', example: 0 }),
  scheduled_at: z.iso
    .datetime({ offset: true })
    .nullable()
    .meta({ description: 'When to call; a time in the past means now, null means when the task is executed.' }),
  call_window: CallWindowField.nullable(),
  retry: RetryField.nullable(),
  webhook_url: WebhookUrl.nullable().meta({ description: 'Told of the events in `webhook_events`.' }),
  webhook_events: z
    .array(z.enum(TASK_EVENTS))
    .max(20)
    .transform((events) => [...new Set(events)])
    .meta({ description: 'Left out: all of them.', type: 'array', items: { type: 'string', enum: [...TASK_EVENTS] } }),
};

export const TaskCreate = z
  .strictObject({
    agent_id: z.uuid(),
    name: TASK_FIELDS.name,
    to_number: TASK_FIELDS.to_number,
    description: TASK_FIELDS.description.optional(),
    starting_message: TASK_FIELDS.starting_message.optional(),
    context_data: TASK_FIELDS.context_data.nullish(),
    priority: TASK_FIELDS.priority.default(0),
    scheduled_at: TASK_FIELDS.scheduled_at.optional(),
    call_window: TASK_FIELDS.call_window.optional(),
    retry: TASK_FIELDS.retry.optional(),
    webhook_url: TASK_FIELDS.webhook_url.optional(),
    webhook_events: TASK_FIELDS.webhook_events.nullish(),
  })
  .meta({ id: 'TaskCreate' });

export const TaskPatchBody = z
  .strictObject(TASK_FIELDS)
  .partial()
  .meta({ id: 'TaskPatch', description: 'Only the fields that change; objects are replaced as a whole, null clears.' });

export const TaskResource = z
  .object({
    id: z.uuid(),
    agent_id: z.uuid(),
    ...TASK_FIELDS,
    scheduled_at: z.iso.datetime().nullable(),
    webhook_events: z.array(z.enum(TASK_EVENTS)),
    status: z.enum(TASK_STATUSES),
    call_id: z.uuid().nullable().meta({ description: 'The newest call of the task.' }),
    failure_reason: z.string().nullable().meta({ example: 'busy' }),
    attempts: z.number().int().meta({ description: 'Calls since it was created or reset.' }),
    next_attempt_at: z.iso.datetime().nullable().meta({
      description:
        'Of a pending task: its time, the end of the wait after an attempt, or the opening of its window. Null waits for execute.',
    }),
    api_key_id: z.uuid().nullable().meta({
      description: 'Under whose limits its calls are: the API key that created, changed, reset or executed it last.',
    }),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Task' });

const TaskCall = z
  .object({
    call_id: z.uuid(),
    status: z.enum(CALL_STATUSES),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime().nullable(),
    end_reason: z.string().nullable().meta({ example: 'busy' }),
    sip_code: z.number().int().nullable().meta({ example: 486 }),
  })
  .meta({ id: 'TaskCall' });

export const TaskDetail = TaskResource.extend({
  agent: AgentResource.nullable().meta({ description: 'Null when the agent was deleted after the task was done.' }),
  calls: z.array(TaskCall).meta({ description: 'The calls that were made for it, the newest first; at most 100.' }),
}).meta({ id: 'TaskDetail' });

export const TaskExecute = z
  .strictObject({
    ignore_window: z.boolean().default(false).meta({ description: 'Call although the callee is outside the hours.' }),
  })
  .meta({ id: 'TaskExecute' });

export const ExecutedTask = z.object({ call_id: z.uuid(), message: z.literal('Call initiated') }).meta({ id: 'ExecutedTask' });
