import { z } from 'zod';
import { CLOSING_TIME, OPENING_TIME, WEEKDAYS } from '../domain/call-window.js';
import { MAX_PATTERN_LENGTH } from '../domain/pattern.js';
import { isTimezone } from '../tasks/call-calendar.js';
import { HeaderName, HeaderVariables } from './header-input.js';
import { ROUTE_CRITERIA } from './route-match.js';

/** What an operator says of a route, by REST and in the configuration file alike: the entries of `routes:` there have these very fields. */
const line = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'has characters that are not allowed');
const Pattern = z
  .string()
  .min(1)
  .max(MAX_PATTERN_LENGTH)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'has characters that are not allowed');
const patterns = (description: string, example: string[]) => z.array(Pattern).max(500).default([]).meta({ description, example });

const isDate = (text: string): boolean => {
  const full = text.length === 5 ? `2024-${text}` : text;
  return /^\d{4}-\d\d-\d\d$/.test(full) && new Date(`${full}T00:00:00Z`).toJSON()?.slice(0, 10) === full;
};
const Dates = z
  .array(z.string().refine(isDate, 'must be a date such as 2026-12-24, or 12-24 for every year'))
  .max(500)
  .default([]);

const Schedule = z
  .strictObject({
    timezone: z
      .string()
      .max(100)
      .refine(isTimezone, 'is not a time zone such as Europe/Berlin')
      .meta({ example: 'Europe/Berlin' }),
    hours: z
      .array(
        z
          .strictObject({
            days: z
              .array(z.enum(WEEKDAYS))
              .min(1)
              .max(WEEKDAYS.length)
              .default([...WEEKDAYS]),
            from: z.string().regex(OPENING_TIME, 'must be a time such as 09:00').meta({ example: '09:00' }),
            to: z.string().regex(CLOSING_TIME, 'must be a time such as 20:00').meta({
              description: 'Excluded; 24:00 is the end of the day. A time before `from` is on the next day.',
              example: '17:30',
            }),
          })
          .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must differ from `from`' }),
      )
      .max(50)
      .default([])
      .meta({ description: 'Within any of them; at any time when there are none.' }),
    dates: Dates.meta({ description: 'On these dates alone, unless there are none.', example: ['12-25', '2026-04-03'] }),
    except_dates: Dates.meta({ description: 'Not on these dates.', example: ['12-25'] }),
  })
  .meta({ description: 'By the clock in `timezone`; a date is that of the moment of the call.' });

const Match = z
  .strictObject({
    trunks: z
      .array(line(100))
      .max(100)
      .default([])
      .meta({ description: 'Ids or names of trunks.', example: ['carrier'] }),
    called: patterns('Numbers or users that were called, as they came or in E.164.', ['+4930123456', '+49301*']),
    callers: patterns('Numbers or users of callers, as they came or in E.164.', ['+44*']),
    anonymous: z
      .boolean()
      .nullable()
      .default(null)
      .meta({ description: 'Callers who hide who they are (RFC 3323), or those who do not. Null: both.' }),
    headers: z
      .record(HeaderName, Pattern)
      .refine((headers) => Object.keys(headers).length <= 20, 'must not be more than 20')
      .default({})
      .meta({
        description: 'Headers of the INVITE, each with the pattern of its value, in any case.',
        example: { 'X-Tier': 'gold*' },
      }),
    schedule: Schedule.nullable().default(null),
  })
  .meta({
    id: 'RouteMatch',
    description:
      'All that is given must hold, and of each list one entry; nothing at all matches every call. Patterns fit the whole of a value: `*` is any characters or none, `?` one, `\\` takes that meaning away.',
  });

const SipTarget = z
  .string()
  .max(300)
  .regex(/^(\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+)$/i, 'must be an E.164 number or a SIP URI');

const DIRECT = [
  z.strictObject({
    type: z.literal('agent'),
    agent: line(100).meta({ description: 'SIP user or id of an agent, or a built-in one.', example: 'front-desk' }),
    answer_texts: z.boolean().nullable().default(null).meta({
      description: 'Whether the agent answers texts that come this way; null: as its `sessions.answer_texts` says.',
    }),
  }),
  z.strictObject({
    type: z.literal('redirect'),
    to: SipTarget.meta({ description: 'The caller is told to call there (302).', example: 'sip:reception@pbx.example' }),
  }),
  z.strictObject({
    type: z.literal('reject'),
    status: z.number().int().min(400).max(699).default(603).meta({ description: 'The final SIP status.', example: 486 }),
  }),
  z.strictObject({
    type: z.literal('announcement'),
    text: z
      .string()
      .trim()
      .min(1)
      .max(5000)
      .meta({ description: 'Is said; then the call is over.', example: 'We are closed today.' }),
    agent: line(100).nullable().default(null).meta({ description: 'Whose voice says it; the usual one when left out.' }),
  }),
] as const;

const DirectTarget = z.discriminatedUnion('type', DIRECT).meta({ id: 'DirectRouteTarget' });

const Target = z
  .discriminatedUnion('type', [
    ...DIRECT,
    z.strictObject({
      type: z.literal('transfer'),
      to: z
        .array(
          z
            .string()
            .max(300)
            .regex(
              /^(\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+|[\w.!~*'()-]{1,64})$/i,
              'must be an E.164 number, a SIP URI, or the user name of a phone',
            ),
        )
        .min(1)
        .max(10)
        .meta({
          description:
            'E.164 numbers, SIP URIs or user names of phones. We call them for the caller, one after the other, who is answered when one of them answers.',
          example: ['reception', '+4917012345678'],
        }),
      ring_seconds: z
        .number()
        .int()
        .min(3)
        .max(600)
        .nullable()
        .default(null)
        .meta({ description: 'How long each of them rings; null: `outbound.ringTimeoutMs` of the configuration.', example: 20 }),
      otherwise: z.union([DirectTarget, z.null()]).default(null).meta({
        description: 'Where the call goes when none of them takes it; null: the caller gets the last one’s final status.',
      }),
    }),
  ])
  .meta({ id: 'RouteTarget' });

const FIELDS = {
  name: line(100),
  enabled: z.boolean(),
  priority: z.number().int().min(0).max(100_000).meta({
    description: 'Of the routes that match a call the one with the lowest priority decides, of several the oldest.',
  }),
  match: Match,
  target: Target,
  variables: HeaderVariables,
};

export const RouteCreate = z
  .strictObject({
    name: FIELDS.name,
    enabled: FIELDS.enabled.default(true),
    priority: FIELDS.priority.default(100),
    match: FIELDS.match.prefault({}),
    target: FIELDS.target,
    variables: FIELDS.variables.default([]),
  })
  .meta({ id: 'RouteCreate' });

export const RoutePatchBody = z.strictObject(FIELDS).partial().meta({
  id: 'RoutePatch',
  description: 'Only the fields that change; objects and lists are replaced as a whole.',
});

export const RouteResource = z
  .object({
    id: z.uuid(),
    ...FIELDS,
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Route' });

/** A call that nobody makes. */
export const RouteTestBody = z
  .strictObject({
    called: z
      .string()
      .trim()
      .min(1)
      .max(300)
      .meta({ description: 'Number or user, as the trunk would send it.', example: '+4930123456' }),
    caller: z.string().trim().max(300).default('anonymous').meta({ example: '+442071234567' }),
    trunk: line(100).nullable().default(null).meta({ description: 'Id or name of the trunk it comes over.' }),
    headers: z.record(HeaderName, z.string().max(2000)).default({}),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .meta({ description: 'When; now when left out.', example: '2026-12-25T10:00:00Z' }),
  })
  .meta({ id: 'RouteTestCall' });

export const RouteTestResult = z
  .object({
    decided_by: z.enum(['route', 'trunk', 'user', 'nobody']).meta({
      description:
        'A route; a rule in `inbound` of the trunk; nothing but the user that was called, which is that of an agent; `nobody`: the call gets 404.',
    }),
    route: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    // A union, as the document would lose the null of a nullable one.
    target: z.union([Target, z.null()]),
    agent: z.object({ id: z.uuid().nullable(), name: z.string() }).nullable().meta({
      description: 'Who answers; null with a target of the type `agent` means that there is no such agent and the call gets 404.',
    }),
    variables: z.record(z.string(), z.string()),
    considered: z
      .array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          mismatch: z.enum(ROUTE_CRITERIA).nullable().meta({ description: 'What kept it from the call; null: it matches.' }),
        }),
      )
      .meta({ description: 'The routes that were looked at, in order.' }),
  })
  .meta({ id: 'RouteTestResult' });

export type RouteBody = z.output<typeof RouteCreate>;
export type RouteChanges = z.output<typeof RoutePatchBody>;
export type RouteView = z.input<typeof RouteResource>;
export type RouteTestCall = z.output<typeof RouteTestBody>;
