import { z } from 'zod';
import { CLOSING_TIME, OPENING_TIME, WEEKDAYS } from '../domain/call-window.js';
import { RETRY_OUTCOMES } from '../domain/retry-policy.js';
import { TOLL_LIMITS } from './defence.js';
import { Millis } from './fields.js';

const SipUri = z
  .string()
  .max(1000)
  .regex(/^sips?:[^\s<>"\\]+$/i, 'must be a SIP URI');

/** By the clock in the callee's time zone; tasks and organisations may have their own. */
const CallHours = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .default([...WEEKDAYS]),
    from: z.string().regex(OPENING_TIME, 'must be a time such as "09:00"'),
    to: z.string().regex(CLOSING_TIME, 'must be a time such as "20:00"'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must differ from from' });

const Retry = z.strictObject({
  maxAttempts: z.number().int().min(1).max(20),
  outcomes: z.partialRecord(
    z.enum(RETRY_OUTCOMES),
    z.strictObject({ afterMs: z.array(z.number().int().min(1000).max(2_592_000_000)).min(1).max(20) }),
  ),
});

/** Keeps calls from a gateway or trunk on which they keep failing (5xx, no response). */
const Breaker = z
  .strictObject({
    windowCalls: z.number().int().min(1).max(1000).default(20),
    minimumCalls: z.number().int().min(1).max(1000).default(10),
    failurePercent: z.number().min(1).max(100).default(50),
    openMs: Millis.default(30_000),
  })
  .refine((breaker) => breaker.minimumCalls <= breaker.windowCalls, {
    path: ['minimumCalls'],
    error: 'must not exceed windowCalls',
  });

/** Without a gateway no call is placed: a server that can be talked into calling anybody costs money. */
export const Outbound = z.strictObject({
  /** Where a number goes, e.g. `sip:{number}@trunk.example:5060`. */
  gatewayUri: SipUri.refine((uri) => uri.includes('{number}'), 'must have {number} in it').optional(),
  /** Who we say is calling. */
  from: SipUri.optional(),
  maxConcurrent: z.number().int().min(1).max(20_000).default(100),
  maxConcurrentPerTenant: z.number().int().min(1).max(20_000).optional(),
  callsPerSecond: z.number().min(0.01).max(1000).default(5),
  ringTimeoutMs: Millis.default(45_000),
  ...TOLL_LIMITS,
  firstResponseMs: z.number().int().min(500).max(30_000).default(5000),
  /** Hosts whose SIP URIs a call may be handed over to; those of trunks always may. */
  allowedHosts: z
    .array(z.string().regex(/^[a-z0-9.:-]{1,253}$/, 'must be a host name in lower case or an IP address'))
    .max(1000)
    .default([]),
  callWindow: CallHours.optional(),
  retry: Retry.optional(),
  breaker: Breaker.prefault({}),
});
