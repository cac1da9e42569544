import { z } from 'zod';
import { isCidr } from '../core/source-list.js';

const PerSecond = z.number().min(0.01).max(1_000_000);

/** How much is taken in of what begins outside a call; what belongs to a call is always taken. */
const Admission = z.strictObject({
  /** New INVITEs; the second half only of sources that are known. */
  callsPerSecond: PerSecond.default(300),
  callsPerSecondPerSource: PerSecond.default(50),
  /** New requests of the other methods. */
  requestsPerSecond: PerSecond.default(1000),
  requestsPerSecondPerSource: PerSecond.default(100),
  connectionsPerSource: z.number().int().min(1).max(4096).default(100),
});

/** When a source that nobody knows is not listened to any more. */
const Bans = z
  .strictObject({
    enabled: z.boolean().default(true),
    offences: z.number().int().min(1).max(100_000).default(20),
    windowMs: z.number().int().min(1).max(86_400_000).default(60_000),
    banMs: z.number().int().min(1).max(2_592_000_000).default(300_000),
    maxBanMs: z.number().int().min(1).max(2_592_000_000).default(86_400_000),
  })
  .refine((bans) => bans.banMs <= bans.maxBanMs, { path: ['maxBanMs'], error: 'must not be below banMs' });

/** Words in the User-Agents of programs that search for servers that are open to anybody. */
const SCANNERS = [
  'friendly-scanner',
  'friendly-request',
  'sipvicious',
  'sip-scan',
  'sundayddr',
  'iwar',
  'sipcli',
  'vaxsip',
  'pplsip',
];

const Prefixes = z.array(z.string().regex(/^\+(?:[1-9]\d{0,14})?$/, 'must be + and the first digits of a number')).max(1000);

/** Satellites, international networks and services, and premium-rate numbers: where stolen minutes go. */
const DEAR_PREFIXES = ['+1900', '+870', '+878', '+881', '+882', '+883', '+979'];

/** The part of `outbound` that says what may be spent; an organisation's own limits hold beside it. */
export const TOLL_LIMITS = {
  /** Numbers that may be called begin with one of these. */
  allowedPrefixes: Prefixes.default(['+']),
  /** And with none of these. */
  deniedPrefixes: Prefixes.default(DEAR_PREFIXES),
  /** Calls that one organisation may place within any hour and any day, transfers included. */
  callsPerHour: z.number().int().min(0).max(1_000_000).optional(),
  callsPerDay: z.number().int().min(0).max(10_000_000).optional(),
};

/** The part of `sip` that says who is let in. */
export const SIP_DEFENCE = {
  /** What callers get who come over no trunk and from no registered phone: in, 407 (then in as who they prove to be), 403, or nothing at all. */
  unknownSources: z.enum(['allow', 'challenge', 'reject', 'drop']).default('allow'),
  /** As known as a trunk's, without being one: never banned, and without limits of their own. */
  trustedSources: z
    .array(z.string().refine(isCidr, 'must be an IP address or a block such as 192.0.2.0/24'))
    .max(1000)
    .default(['127.0.0.0/8', '::1']),
  /** They get no answer. */
  scanners: z.array(z.string().min(3).max(100)).max(1000).default(SCANNERS),
  admission: Admission.prefault({}),
  bans: Bans.prefault({}),
};
