import { z } from 'zod';
import { CAMPAIGN_STATUSES, CONTACT_STATUSES } from '../../../../domain/campaign.js';
import { TASK_EVENTS } from '../../../../domain/task.js';
import { PAGE } from '../query-schema.js';
import { TASK_FIELDS } from '../task-schema.js';
import { required, text } from '../text-schema.js';

export const MAX_CONTACTS = 10_000;

const FIELDS = {
  agent_id: z.uuid(),
  name: required(200).meta({ example: 'Spring check-up' }),
  description: text(5000).nullable().meta({ example: 'Everybody who was not here for a year' }),
  starting_message: TASK_FIELDS.starting_message,
  priority: TASK_FIELDS.priority,
  call_window: TASK_FIELDS.call_window,
  retry: TASK_FIELDS.retry,
  max_concurrent: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .nullable()
    .meta({ description: 'Calls at a time; null is as many as the lines take.', example: 5 }),
  webhook_url: TASK_FIELDS.webhook_url,
  webhook_events: TASK_FIELDS.webhook_events,
};

export const CampaignCreate = z
  .strictObject({
    agent_id: FIELDS.agent_id,
    name: FIELDS.name,
    description: FIELDS.description.optional(),
    starting_message: FIELDS.starting_message.optional(),
    priority: FIELDS.priority.default(0),
    call_window: FIELDS.call_window.optional(),
    retry: FIELDS.retry.optional(),
    max_concurrent: FIELDS.max_concurrent.optional(),
    webhook_url: FIELDS.webhook_url.optional(),
    webhook_events: FIELDS.webhook_events.nullish(),
  })
  .meta({ id: 'CampaignCreate' });

export const CampaignPatchBody = z
  .strictObject(FIELDS)
  .partial()
  .meta({ id: 'CampaignPatch', description: 'Only the fields that change; objects are replaced as a whole, null clears.' });

const time = z.iso.datetime();

export const CampaignResource = z
  .object({
    id: z.uuid(),
    ...FIELDS,
    webhook_events: z.array(z.enum(TASK_EVENTS)),
    status: z.enum(CAMPAIGN_STATUSES),
    starts_at: time.nullable().meta({ description: 'When it was scheduled to begin.' }),
    started_at: time.nullable(),
    ended_at: time.nullable().meta({ description: 'When everybody had been called, or it was cancelled.' }),
    api_key_id: z.uuid().nullable().meta({
      description: 'Under whose limits its calls are: the API key that created, changed or started it, or added contacts, last.',
    }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Campaign' });

export const CampaignStart = z
  .strictObject({
    starts_at: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'When to begin; left out, or in the past, it is now.', example: '2031-01-01T09:00:00+01:00' }),
  })
  .meta({ id: 'CampaignStart' });

export const ProgressResource = z
  .object({
    contacts: z.number().int(),
    by_status: z.object(Object.fromEntries(CONTACT_STATUSES.map((status) => [status, z.number().int()]))).meta({
      description: '`queued` has a task that waits for a line, for its hours, or for another attempt.',
      example: { pending: 940, queued: 20, in_progress: 5, completed: 30, failed: 5, cancelled: 0 },
    }),
    by_outcome: z.record(z.string(), z.number().int()).meta({
      description: 'Of those that are over: `answered`, or why not.',
      example: { answered: 30, busy: 3, no_answer: 1, do_not_call: 1 },
    }),
    calls: z.number().int().meta({ description: 'Calls made, every attempt counted.' }),
    answered_calls: z.number().int(),
    average_talk_ms: z.number().int().nullable().meta({ description: 'Of answered calls that are over.', example: 65_000 }),
  })
  .meta({ id: 'CampaignProgress' });

export const ContactCreate = z
  .strictObject({
    number: TASK_FIELDS.to_number,
    name: required(200).nullish().meta({ example: 'Ann Smith' }),
    variables: TASK_FIELDS.context_data.nullish().meta({
      description: 'Fill `{{placeholders}}` in the texts, beside `{{name}}` and `{{number}}`.',
      example: { appointment: 'Monday at nine' },
    }),
  })
  .meta({ id: 'CampaignContactCreate' });

export const ContactsCreate = z
  .strictObject({ contacts: z.array(ContactCreate).min(1).max(MAX_CONTACTS) })
  .meta({ id: 'CampaignContactsCreate' });
/** The same, for bodies whose contacts are looked at one by one. */
export const ContactsBody = z.strictObject({ contacts: z.array(z.unknown()).min(1).max(MAX_CONTACTS) });

export const REJECTIONS = ['invalid', 'duplicate', 'already_a_contact', 'do_not_call', 'number_not_allowed'] as const;

export const ContactsAdded = z
  .object({
    added: z.number().int().meta({ example: 1 }),
    rejected: z.number().int().meta({ description: 'How many were not taken; without `partial` none.', example: 1 }),
    rejections: z
      .array(
        z.object({
          at: z.string().meta({ description: 'Place and field, as in errors.', example: 'row 3, column phone' }),
          number: z.string().nullable().meta({ example: '+15550123' }),
          reason: z.enum(REJECTIONS),
          message: z.string().meta({ example: 'is on the do-not-call list' }),
        }),
      )
      .meta({ description: 'At most the first 1000.' }),
  })
  .meta({ id: 'CampaignContactsAdded' });

export const RecruitedResource = z
  .object({
    added: z.number().int().meta({ example: 1 }),
    skipped: z.number().int().meta({ description: 'How many of those who were selected were not added.', example: 1 }),
    skips: z
      .array(
        z.object({
          contact_id: z.uuid(),
          number: z.string().meta({ example: '+15550123' }),
          reason: z.enum(['duplicate', 'already_a_contact', 'do_not_call', 'number_not_allowed']),
        }),
      )
      .meta({ description: 'At most the first 1000.' }),
  })
  .meta({ id: 'ContactsRecruited' });

export const ContactResource = z
  .object({
    id: z.uuid(),
    number: TASK_FIELDS.to_number,
    name: z.string().nullable(),
    variables: z.record(z.string(), z.unknown()).meta({ example: { appointment: 'Monday at nine' } }),
    status: z.enum(CONTACT_STATUSES),
    outcome: z.string().nullable().meta({ description: '`answered`, or why it failed or was cancelled.', example: 'answered' }),
    task_id: z.uuid().nullable(),
    call_id: z.uuid().nullable().meta({ description: 'The newest call.' }),
    calls: z.number().int(),
    talk_ms: z.number().int().meta({ description: 'Of all its calls together.' }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'CampaignContact' });

export const CampaignsQuery = z.object({
  status: z.enum(CAMPAIGN_STATUSES).optional().meta({ description: 'Filter by status.' }),
  ...PAGE,
});
export const ContactsQuery = z.object({
  status: z.enum(CONTACT_STATUSES).optional().meta({ description: 'Filter by status.' }),
  outcome: text(100).optional().meta({ description: 'Filter by outcome, such as `busy`.' }),
  search: text(100).optional().meta({ description: 'Part of a number or of a name.' }),
  ...PAGE,
});
export const AddContactsQuery = z.object({
  partial: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .meta({
      description: 'Take those that can be taken and tell about the rest, instead of all or none.',
      type: 'boolean',
      default: false,
    }),
});
