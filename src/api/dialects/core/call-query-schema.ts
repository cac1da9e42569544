import { z } from 'zod';
import { CALL_DIRECTIONS, CALL_RESULTS, CALL_STATUSES } from '../../../domain/call.js';
import { CALL_OUTCOMES, ENDED_BY } from '../../../domain/call-ending.js';
import { positionOf } from './call-cursor.js';
import { count, PAGE } from './query-schema.js';
import { required } from './text-schema.js';

const Party = required(300).meta({ example: '+15550123' });
const Time = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const time = (description: string) => Time.optional().meta({ description, type: 'string', format: 'date-time' });

export const CallsQuery = z
  .object({
    agent_id: z.uuid().optional().meta({ description: 'Filter by agent ID.' }),
    task_id: z.uuid().optional().meta({ description: 'Filter by task ID.' }),
    status: z.enum(CALL_STATUSES).optional().meta({ description: 'Filter by status.' }),
    direction: z.enum(CALL_DIRECTIONS).optional().meta({ description: 'Filter by direction.' }),
    result: z.enum(CALL_RESULTS).optional().meta({ description: 'Filter by who is answerable for how the call ended.' }),
    outcome: z.enum(CALL_OUTCOMES).optional().meta({ description: 'Filter by what came of trying to talk.' }),
    ended_by: z.enum(ENDED_BY).optional().meta({ description: 'Filter by who ended the call.' }),
    from: Party.optional().meta({ description: 'Number or user of the calling side, with or without `+` and separators.' }),
    to: Party.optional().meta({ description: 'Number or user of the called side.' }),
    number: Party.optional().meta({ description: 'Number or user of either side.' }),
    started_after: time('Calls that started at this time or later.'),
    started_before: time('Calls that started before this time.'),
    min_duration: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,3})?$/, 'must be a number of seconds')
      .transform(Number)
      .optional()
      .meta({ description: 'Answered calls that lasted at least this many seconds.', type: 'number', minimum: 0 }),
    search: required(200)
      .optional()
      .meta({
        description:
          'Words that all occur in the transcript (their beginnings suffice), or at least three characters of either number or user. ' +
          'Every text is allowed; signs mean nothing.',
        example: 'invoice 4711',
      }),
    limit: PAGE.limit,
    offset: count(0, Number.MAX_SAFE_INTEGER)
      .optional()
      .meta({ description: 'Pagination offset.', type: 'integer', minimum: 0, default: 0 }),
    cursor: z
      .string()
      .max(100)
      .transform((text, context) => {
        const position = positionOf(text);
        if (position) return position;
        context.addIssue({ code: 'custom', message: 'is no cursor of a list of calls' });
        return z.NEVER;
      })
      .optional()
      .meta({
        description:
          'Instead of `offset`: the `next_cursor` of the page before. Pages by cursor neither repeat nor miss a call when others come or go, ' +
          'stay quick however far they reach, and are not counted (`total` is null).',
        type: 'string',
        maxLength: 100,
      }),
  })
  .refine(({ offset, cursor }) => offset === undefined || cursor === undefined, {
    path: ['cursor'],
    error: 'cannot be combined with offset',
  });
