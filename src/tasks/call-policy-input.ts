import { z } from 'zod';
import { CLOSING_TIME, OPENING_TIME, WEEKDAYS } from '../domain/call-window.js';
import { RETRY_OUTCOMES } from '../domain/retry-policy.js';
import { isTimezone } from './call-calendar.js';

/** What operators say of when to call, and when again, in every dialect that knows it. */
const LONGEST_RETRY_S = 30 * 86_400;

const HOURS = {
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .max(WEEKDAYS.length)
    .meta({ description: 'Days on which the window opens.', example: ['mon', 'tue', 'wed', 'thu', 'fri'] }),
  from: z.string().regex(OPENING_TIME, 'must be a time such as 09:00').meta({ example: '09:00' }),
  to: z
    .string()
    .regex(CLOSING_TIME, 'must be a time such as 20:00')
    .meta({ description: 'Excluded; 24:00 is the end of the day. A time before `from` is on the next day.', example: '20:00' }),
};
const TIMES_DIFFER = { path: ['to'], error: 'must differ from `from`' };
const timesDiffer = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || from !== to;

/** An organisation's hours. */
export const CallHoursField = z
  .strictObject({ ...HOURS, days: HOURS.days.default([...WEEKDAYS]) })
  .refine(timesDiffer, TIMES_DIFFER)
  .meta({ id: 'CallHours', description: "By the clock in the callee's time zone." });

/** A task's own. */
export const CallWindowField = z
  .strictObject({
    days: HOURS.days.optional(),
    from: HOURS.from.optional(),
    to: HOURS.to.optional(),
    timezone: z.string().max(100).refine(isTimezone, 'is not a time zone such as Europe/Berlin').optional().meta({
      description:
        "The callee's. Left out it is taken from the number's country; where that has several, all of them must be within the hours.",
      example: 'America/New_York',
    }),
  })
  .refine(({ from, to }) => (from === undefined) === (to === undefined), {
    path: ['to'],
    error: 'must be given together with `from`',
  })
  .refine(timesDiffer, TIMES_DIFFER)
  .meta({
    id: 'CallWindow',
    description: "When the callee may be called, by the callee's clock. What is left out is the organisation's.",
    example: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '20:00', timezone: 'America/New_York' },
  });

const Waits = z.strictObject({
  after_seconds: z
    .array(z.number().int().min(1).max(LONGEST_RETRY_S))
    .min(1)
    .max(20)
    .meta({
      description: 'After the first attempt, the second, …; the last one holds for all further ones.',
      example: [300, 900, 3600],
    }),
});

export const RetryField = z
  .strictObject({
    max_attempts: z.number().int().min(1).max(20).meta({ description: 'Calls in all.' }),
    outcomes: z
      .strictObject(
        Object.fromEntries(RETRY_OUTCOMES.map((outcome) => [outcome, Waits.optional()])) as Record<
          (typeof RETRY_OUTCOMES)[number],
          z.ZodOptional<typeof Waits>
        >,
      )
      .meta({ description: 'An outcome that is left out is final. `failed` is a failure of the network or of this server.' }),
  })
  .meta({
    id: 'Retry',
    description: 'When to call again somebody who was not reached.',
    example: { max_attempts: 4, outcomes: { busy: { after_seconds: [300, 900] }, no_answer: { after_seconds: [3600] } } },
  });

const Prefixes = z
  .array(z.string().regex(/^\+(?:[1-9]\d{0,14})?$/, 'must be + and the first digits of a number'))
  .min(1)
  .max(1000);

/** Limits of an organisation; the server's own hold beside them. */
export const LimitsField = z
  .strictObject({
    allowed_prefixes: Prefixes.optional().meta({
      description: 'Numbers that may be called begin with one of these.',
      example: ['+49'],
    }),
    denied_prefixes: Prefixes.optional().meta({ description: 'And with none of these.', example: ['+49900'] }),
    calls_per_hour: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Placed within any hour.', example: 100 }),
    calls_per_day: z
      .number()
      .int()
      .min(0)
      .max(10_000_000)
      .optional()
      .meta({ description: 'Placed within any day.', example: 500 }),
  })
  .meta({
    id: 'CallLimits',
    description:
      'For every call out and every transfer to a number. They can only be narrower than those the server is configured with. A call that ' +
      'is not allowed is 403, one beyond a limit 429; tasks wait.',
  });

export const OutboundPolicyBody = z
  .strictObject({ call_window: CallHoursField.nullish(), retry: RetryField.nullish(), limits: LimitsField.nullish() })
  .meta({
    id: 'OutboundPolicyUpdate',
    description: 'Replaces all of it; null or left out goes back to what the server is configured with.',
  });

export const OutboundPolicyResource = z
  .object({ call_window: CallHoursField.nullable(), retry: RetryField.nullable(), limits: LimitsField.nullable() })
  .meta({
    id: 'OutboundPolicy',
    description: 'What holds for tasks that say nothing else; null: any time, no second attempt, no limits of its own.',
  });
