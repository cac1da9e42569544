import { z } from 'zod';
import { CALL_DIRECTIONS, CALL_STATUSES } from '../../../domain/call.js';
import { CALL_OUTCOMES, ENDED_BY } from '../../../domain/call-ending.js';
import { REPORT_OUTCOMES, SENTIMENTS } from '../../../domain/report.js';
import { orNull, PAGE, required, Time, TimeGiven, text } from './fields.js';

const Party = required(300).meta({ example: '+15550123' });
const instant = (description: string) =>
  TimeGiven.transform((iso) => Date.parse(iso))
    .optional()
    .meta({ description, type: 'string', format: 'date-time' });

export const CallsQuery = z.object({
  agent_id: z.uuid().optional().meta({ description: 'Filter by agent.' }),
  status: z.enum(CALL_STATUSES).optional().meta({ description: 'Filter by status.' }),
  direction: z.enum(CALL_DIRECTIONS).optional().meta({ description: 'Filter by direction.' }),
  outcome: z.enum(CALL_OUTCOMES).optional().meta({ description: 'Filter by what came of trying to talk.' }),
  from: Party.optional().meta({ description: 'Number or user of the calling side.' }),
  to: Party.optional().meta({ description: 'Number or user of the called side.' }),
  phone: Party.optional().meta({ description: 'Number or user of either side.' }),
  started_after: instant('Calls that started at this time or later.'),
  started_before: instant('Calls that started before this time.'),
  search: required(200).optional().meta({ description: 'Words of the transcript, or a part of either number.' }),
  ...PAGE,
});

export const CallCreate = z
  .strictObject({
    agent_id: z.uuid(),
    to: z
      .string()
      .max(200)
      .regex(
        /^(\+[1-9]\d{1,14}|sips?:[\w.!~*'()%+-]+@[^\s<>"\\@;?]+)$/,
        'must be an E.164 number such as +1234567890, or sip:user@ this server for a phone',
      )
      .meta({ example: '+15550123' }),
    starting_message: text(5000)
      .optional()
      .meta({ description: "Said first instead of the agent's own.", example: 'Hello Ann.' }),
    variables: z
      .record(text(200), z.union([text(5000), z.number(), z.boolean(), z.null()]))
      .default({})
      .meta({ description: 'Fill `{{placeholders}}` in the texts.', example: { customer_name: 'Ann' } }),
  })
  .meta({ id: 'FlametalkCallCreate' });

export const CallResource = z
  .object({
    id: z.uuid(),
    agent_id: orNull(z.uuid()),
    agent_name: z.string().meta({ example: 'Sales Agent' }),
    agent_version_id: orNull(z.string()).meta({ example: 'v-2' }),
    channel_id: orNull(z.uuid()).meta({ description: 'The voice channel it came or went over.' }),
    direction: z.enum(CALL_DIRECTIONS),
    status: z.enum(CALL_STATUSES),
    from: z.string().meta({ description: 'A number in E.164 where there is one, else the user.', example: '+15550123' }),
    to: z.string().meta({ example: '+15550100' }),
    started_at: Time,
    answered_at: orNull(Time),
    ended_at: orNull(Time),
    duration_seconds: orNull(z.number()).meta({ description: 'From answer to end.', example: 42.5 }),
    outcome: orNull(z.enum(CALL_OUTCOMES)),
    ended_by: orNull(z.enum(ENDED_BY)),
    end_reason: orNull(z.string()).meta({ example: 'caller_hangup' }),
    sip_code: orNull(z.number().int()),
    recording_url: orNull(z.string()).meta({ description: 'Where the recording can be had; null while there is none.' }),
    collected_data: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .meta({ description: 'What the agent has found out.', example: { email: 'ann@example.com' } }),
  })
  .meta({ id: 'FlametalkCall' });

export const TranscriptResource = z
  .object({
    call_id: z.uuid(),
    status: z.enum(CALL_STATUSES),
    source: z.enum(['live', 'recording']),
    entries: z.array(
      z.object({
        sequence: z.number().int(),
        role: z.enum(['user', 'agent']),
        text: z
          .string()
          .meta({ description: 'Of an interrupted agent what was heard of it.', example: 'We are open from nine to five.' }),
        interrupted: z.boolean(),
        start_seconds: z.number().meta({ description: 'Since the call was answered.' }),
        end_seconds: z.number(),
      }),
    ),
  })
  .meta({ id: 'FlametalkTranscript' });

export const ReportResource = z
  .object({
    call_id: z.uuid(),
    summary: z.string(),
    outcome: z.enum(REPORT_OUTCOMES),
    sentiment: orNull(z.enum(SENTIMENTS)),
    key_points: z.array(z.string()),
    action_items: z.array(z.string()),
    extracted_data: z.record(z.string(), z.unknown()).meta({ example: { day: 'Monday' } }),
    created_at: Time,
  })
  .meta({ id: 'FlametalkReport' });
