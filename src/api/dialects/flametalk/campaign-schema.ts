import { z } from 'zod';
import { ContactSelectionBody } from '../../../contacts/contact-input.js';
import { CAMPAIGN_STATUSES, CONTACT_STATUSES } from '../../../domain/campaign.js';
import { CallWindowField, RetryField } from '../../../tasks/call-policy-input.js';
import { orNull, PAGE, required, Time, TimeGiven, text } from './fields.js';

const FIELDS = {
  name: required(200).meta({ example: 'Spring check-up' }),
  description: orNull(text(5000)).meta({ example: 'Everybody who was not here for a year' }),
  agent_id: z.uuid(),
  starting_message: orNull(text(5000)).meta({
    description: "Said first instead of the agent's own.",
    example: 'Hello {{name}}.',
  }),
  priority: z.number().int().min(-1_000_000).max(1_000_000).meta({ example: 0 }),
  max_concurrent_calls: orNull(z.number().int().min(1).max(10_000)).meta({
    description: 'Null is as many as the lines take.',
    example: 5,
  }),
  call_window: orNull(CallWindowField),
  retry: orNull(RetryField),
};

export const CampaignCreate = z
  .strictObject({
    name: FIELDS.name,
    agent_id: FIELDS.agent_id,
    description: FIELDS.description.optional(),
    starting_message: FIELDS.starting_message.optional(),
    priority: FIELDS.priority.default(0),
    max_concurrent_calls: FIELDS.max_concurrent_calls.optional(),
    call_window: FIELDS.call_window.optional(),
    retry: FIELDS.retry.optional(),
    contact_ids: ContactSelectionBody.shape.contact_ids,
    contact_filter: ContactSelectionBody.shape.contact_filter,
  })
  .refine((body) => body.contact_ids === undefined || body.contact_filter === undefined, {
    path: ['contact_filter'],
    error: 'cannot be combined with contact_ids',
  })
  .meta({ id: 'FlametalkCampaignCreate' });

export const CampaignPatchBody = z.strictObject(FIELDS).partial().meta({
  id: 'FlametalkCampaignPatch',
  description:
    'Only the fields that change; objects are replaced as a whole, null clears. While it runs only name, description and max_concurrent_calls.',
});

export const CampaignSchedule = z
  .strictObject({ scheduled_at: TimeGiven.meta({ description: 'When to begin; in the past it is now.' }) })
  .meta({ id: 'FlametalkCampaignSchedule' });

export const CampaignResource = z
  .object({
    id: z.uuid(),
    ...FIELDS,
    status: z.enum(CAMPAIGN_STATUSES),
    scheduled_at: orNull(Time),
    started_at: orNull(Time),
    ended_at: orNull(Time),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'FlametalkCampaign' });

export const RecruitedResource = z
  .object({
    added: z.number().int(),
    skipped: z
      .array(
        z.object({
          contact_id: z.uuid(),
          phone: z.string().meta({ example: '+15550123' }),
          reason: z.enum(['duplicate', 'already_a_contact', 'do_not_call', 'number_not_allowed']),
        }),
      )
      .meta({ description: 'At most the first 1000 of those who are not called.' }),
  })
  .meta({ id: 'FlametalkRecruited' });

export const CreatedCampaign = CampaignResource.extend({
  contacts: RecruitedResource.meta({ description: 'Who of those who were asked for is called.' }),
}).meta({ id: 'FlametalkCreatedCampaign' });

export const StatisticsResource = z
  .object({
    campaign_id: z.uuid(),
    contacts: z.number().int(),
    by_status: z.object(Object.fromEntries(CONTACT_STATUSES.map((status) => [status, z.number().int()]))),
    by_outcome: z.record(z.string(), z.number().int()).meta({ example: { answered: 30, busy: 3 } }),
    calls: z.number().int().meta({ description: 'Calls made, every attempt counted.' }),
    answered_calls: z.number().int(),
    average_talk_seconds: orNull(z.number()),
  })
  .meta({ id: 'FlametalkCampaignStatistics' });

export const CampaignContactResource = z
  .object({
    id: z.uuid(),
    phone: z.string().meta({ example: '+15550123' }),
    name: orNull(z.string()),
    custom_fields: z.record(z.string(), z.unknown()).meta({ example: { appointment: 'Monday at nine' } }),
    status: z.enum(CONTACT_STATUSES),
    outcome: orNull(z.string()).meta({ example: 'answered' }),
    call_id: orNull(z.uuid()).meta({ description: 'The newest call.' }),
    calls: z.number().int(),
    talk_seconds: z.number(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'FlametalkCampaignContact' });

export const CampaignsQuery = z.object({
  status: z.enum(CAMPAIGN_STATUSES).optional().meta({ description: 'Filter by status.' }),
  ...PAGE,
});
export const CampaignContactsQuery = z.object({
  status: z.enum(CONTACT_STATUSES).optional().meta({ description: 'Filter by status.' }),
  search: required(100).optional().meta({ description: 'Part of a number or of a name.' }),
  ...PAGE,
});
