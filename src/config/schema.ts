import { z } from 'zod';
import { DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import { RECORDING_FORMATS } from '../core/recording-file.js';
import { CODEC_NAMES, DEFAULT_OPUS_COMPLEXITY, ECHO_CANCELLATION, SRTP_POLICIES } from '../domain/ports/media.js';
import { WEBHOOK_EVENT_TYPES } from '../domain/webhook.js';
import { PhoneCreate } from '../phones/phone-input.js';
import { RouteCreate } from '../routes/route-input.js';
import { TrunkCreate } from '../trunks/trunk-input.js';
import { Conversation } from './conversation.js';
import { Address, HttpUrl, Millis, Origin, Path, Port, Secret } from './fields.js';
import { Outbound } from './outbound.js';
import { Sip } from './sip.js';
import { Sounds } from './sounds.js';
import { Speech } from './speech.js';

/** Ports come in pairs: RTP on the even one, RTCP on the next (RFC 3550 section 11). */
const PortRange = z
  .strictObject({ min: Port.min(1024), max: Port.min(1024) })
  .refine((range) => range.min % 2 === 0 && range.max - range.min >= 1, 'min must be even and leave room for one RTP/RTCP pair');

const Drachtio = z.strictObject({
  host: z.string().min(1).max(253),
  port: Port.min(1).default(9022),
  secret: Secret,
});

const Media = z.strictObject({
  rtpPorts: PortRange.default({ min: 20_000, max: 29_999 }),
  capacity: z.number().int().min(1).max(20_000).default(512),
  timeoutMs: Millis.default(30_000),
  srtp: z.enum(SRTP_POLICIES).default('accept'),
  /** Where no trunk says otherwise. */
  codecs: z
    .array(z.enum(CODEC_NAMES))
    .min(1)
    .refine((codecs) => new Set(codecs).size === codecs.length, 'must name no codec twice')
    .default([...CODEC_NAMES]),
  ptimeMs: z.literal([10, 20, 30, 40, 60]).default(20),
  comfortNoise: z.boolean().default(false),
  echoCancellation: z.enum(ECHO_CANCELLATION).default('auto'),
  /** Of Opus that is sent: 10 takes five times as much of the processor as 0. */
  opusComplexity: z.number().int().min(0).max(10).default(DEFAULT_OPUS_COMPLEXITY),
});

const Calls = z.strictObject({
  maxConcurrent: z.number().int().min(1).max(20_000).default(400),
  /** Places that no outbound call takes. */
  reservedForInbound: z.number().int().min(1).max(20_000).default(10),
  maxDurationMs: Millis.default(7_200_000),
  /** By `speech.prices`; a call that has cost so much is ended. An agent's own goes before it. */
  maxCost: z.number().positive().max(1_000_000).optional(),
  /** An agent rings at least this long before it answers. */
  ringMs: z.number().int().min(0).max(60_000).default(0),
  answerWithinMs: z.number().int().min(0).max(60_000).default(4000),
  /** Voice activity detection on echo and tone calls too, which nobody listens to: for load tests. */
  vadOnBuiltIns: z.boolean().default(false),
});

const Share = z.number().gt(0).max(1);

/** When the server takes no more calls, for the sake of those it has. */
const Overload = z.strictObject({
  shed: z.boolean().default(true),
  eventLoopLagMs: Millis.default(250),
  mediaTicksMissedShare: Share.default(0.01),
  vadLagMs: Millis.default(150),
  vadDroppedShare: Share.default(0.02),
  mediaPortsUsedShare: Share.default(0.95),
  providerRefusedShare: Share.default(0.5),
  sustainedMs: z.number().int().min(0).max(600_000).default(3000),
  calmMs: z.number().int().min(0).max(600_000).default(10_000),
});

const Webhooks = z
  .strictObject({
    /** Lets webhooks go to addresses that are not public, and over plain HTTP to this machine. */
    allowPrivate: z.boolean().default(false),
    subscriptions: z
      .array(
        z.strictObject({
          url: HttpUrl.max(2000),
          events: z
            .array(z.enum(WEBHOOK_EVENT_TYPES))
            .min(1)
            .default([...WEBHOOK_EVENT_TYPES]),
          /** Signs instead of the organisation's own secret. */
          secret: Secret.min(16, 'must have at least 16 characters').optional(),
          /** The organisation whose calls are told of. */
          tenant: z
            .uuid()
            .default(DEFAULT_TENANT)
            .transform((id) => id.toLowerCase() as TenantId),
        }),
      )
      .max(100)
      .default([]),
  })
  .superRefine(({ allowPrivate, subscriptions }, context) => {
    for (const [index, { url }] of subscriptions.entries()) {
      if (allowPrivate || /^https:/i.test(url)) continue;
      context.addIssue({ code: 'custom', path: ['subscriptions', index, 'url'], message: 'must be an https:// URL' });
    }
  });

/** Left out: kept for ever. Organisations may have days of their own. */
const Retention = z
  .strictObject({
    callsDays: z.number().int().min(1).max(36_500).optional(),
    recordingsDays: z.number().int().min(1).max(36_500).optional(),
  })
  .transform(({ callsDays, recordingsDays }) => ({ callsDays, recordingsDays }));
const MailAddress = z
  .string()
  .max(500)
  .regex(/^[^@\r\n]+@[^@\r\n]+$/, 'must be an e-mail address, such as Offhook <offhook@example.com>');

/** What sends invitations; without it, they are passed on by hand. */
const Smtp = z.strictObject({
  url: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// URL' }).max(2000),
  from: MailAddress,
});

const Reports = z.strictObject({
  /** Made after each answered call of an agent; otherwise when somebody asks for one. */
  automatic: z.boolean().default(true),
  /** How long a language model may take over one. */
  timeoutMs: Millis.default(60_000),
  /** How long a webhook about the end of a call waits for a report that is being made; then it tells what the rules alone can. */
  webhookWaitMs: z.number().int().min(0).max(60_000).default(3000),
  /** How long transcribing one recording may take. */
  transcriptionTimeoutMs: Millis.default(600_000),
});

const Sections = z.strictObject({
  dataDir: Path.default('./data'),
  bind: Address.default('0.0.0.0'),
  externalIp: Address.optional(),
  sip: Sip.prefault({}),
  /** Present: a real drachtio-server carries the signalling instead of the embedded one. */
  drachtio: Drachtio.optional(),
  http: z
    .strictObject({
      port: Port.default(8080),
      bodyLimitBytes: z.number().int().min(1024).max(104_857_600).default(1_048_576),
      rateLimitPerMinute: z.number().int().min(1).max(1_000_000).default(1000),
      corsOrigins: z.array(Origin).max(100).default([]),
      /** Where browsers reach the server when a proxy is in front: cookies are Secure when it is https, links in mails begin with it. */
      publicUrl: HttpUrl.max(1000).optional(),
    })
    .prefault({}),
  media: Media.prefault({}),
  sounds: Sounds.prefault({}),
  calls: Calls.prefault({}),
  conversation: Conversation.prefault({}),
  /** What judges by the sound whether a caller is done: an ONNX file, relative to the data directory. */
  turns: z.strictObject({ model: Path.optional() }).prefault({}),
  outbound: Outbound.prefault({}),
  retention: Retention.prefault({}),
  overload: Overload.prefault({}),
  speech: Speech.prefault({}),
  webhooks: Webhooks.prefault({}),
  reports: Reports.prefault({}),
  /** Made or changed at the start, by name; the fields are those of the API. */
  trunks: z
    .array(TrunkCreate)
    .max(1000)
    .refine((trunks) => new Set(trunks.map(({ name }) => name)).size === trunks.length, 'has two trunks of one name')
    .default([]),
  /** As `trunks`. */
  routes: z
    .array(RouteCreate)
    .max(1000)
    .refine((routes) => new Set(routes.map(({ name }) => name)).size === routes.length, 'has two routes of one name')
    .default([]),
  phones: z
    .array(PhoneCreate)
    .max(10_000)
    .refine((phones) => new Set(phones.map(({ username }) => username)).size === phones.length, 'has two phones of one username')
    .default([]),
  agents: z.strictObject({ maxPerOrganization: z.number().int().min(1).optional() }).prefault({}),
  /** What stored passwords are sealed with; without it a key is made in the data directory. */
  secrets: z.strictObject({ key: Secret.min(16, 'must have at least 16 characters').optional() }).prefault({}),
  /** The first encrypts recordings, each can read those it encrypted; without any they are plain files. */
  recordings: z
    .strictObject({
      keys: z.array(Secret.min(16, 'must have at least 16 characters')).max(100).default([]),
      format: z.enum(RECORDING_FORMATS).default('wav'),
    })
    .prefault({}),
  smtp: Smtp.optional(),
  builtInAgents: z
    .strictObject({ echo: z.boolean().default(true), demo: z.boolean().default(true), tone: z.boolean().default(true) })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
  /** Bootstrap API key. Anybody who holds it owns the server, so one that can be guessed is refused. */
  adminKey: Secret.min(16, 'must have at least 16 characters').optional(),
  drainMs: z.number().int().min(0).max(86_400_000).default(30_000),
  databaseUrl: z
    .never({ error: 'PostgreSQL is not supported by this version; leave it out and SQLite under dataDir is used' })
    .optional(),
});

export const ConfigSchema = Sections.refine(
  ({ outbound, calls }) =>
    outbound.gatewayUri === undefined || outbound.maxConcurrent + calls.reservedForInbound <= calls.maxConcurrent,
  {
    path: ['outbound', 'maxConcurrent'],
    error: 'must be below calls.maxConcurrent by calls.reservedForInbound, so that calls that come in find room',
  },
).refine(({ smtp, http }) => smtp === undefined || http.publicUrl !== undefined, {
  path: ['http', 'publicUrl'],
  error: 'must be set with smtp: links in mails begin with it',
});

export type Config = z.output<typeof ConfigSchema>;
