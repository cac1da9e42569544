import { isIP } from 'node:net';
import { z } from 'zod';
import { DEFAULT_TENANT, type TenantId } from '../core/ids.js';
import { isCidr } from '../core/source-list.js';
import { RELIABLE_POLICIES } from '../domain/call-setup.js';
import { CLOSING_TIME, OPENING_TIME, WEEKDAYS } from '../domain/call-window.js';
import { CODEC_NAMES, ECHO_CANCELLATION, SRTP_POLICIES } from '../domain/ports/media.js';
import { RETRY_OUTCOMES } from '../domain/retry-policy.js';
import { WEBHOOK_EVENT_TYPES } from '../domain/webhook.js';
import { PhoneCreate } from '../phones/phone-input.js';
import { RouteCreate } from '../routes/route-input.js';
import { TrunkCreate } from '../trunks/trunk-input.js';
import { SIP_DEFENCE, TOLL_LIMITS } from './defence.js';
import { SIP_REGISTRAR } from './registrar.js';

/** 0 takes any free port. */
const Port = z.number().int().min(0).max(65_535);
const Millis = z.number().int().min(1).max(86_400_000);
const Address = z.string().refine((text) => isIP(text) !== 0, 'must be an IP address');
const HttpUrl = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** As browsers send it: scheme, host and a port that is not the usual one; `*` is any. */
const Origin = z
  .string()
  .max(300)
  .refine(
    (text) => text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text),
    'must be an origin like https://app.example.com, or *',
  );
const Secret = z.string().min(1, 'must not be empty').max(4096);
const Name = z.string().min(1).max(200);
const Path = z.string().min(1).max(4096);

/** Ports come in pairs: RTP on the even one, RTCP on the next (RFC 3550 section 11). */
const PortRange = z
  .strictObject({ min: Port.min(1024), max: Port.min(1024) })
  .refine((range) => range.min % 2 === 0 && range.max - range.min >= 1, 'min must be even and leave room for one RTP/RTCP pair');

const CertificateFiles = z.strictObject({ certificate: Path, key: Path });

/** PEM files; read again when they change. */
const Tls = z.strictObject({
  certificate: Path.optional(),
  key: Path.optional(),
  /** Shown instead to those who ask for a name that one of them holds. */
  certificates: z.array(CertificateFiles).max(100).default([]),
  /** The authorities that peers are held to, instead of the usual ones. */
  ca: Path.optional(),
  requireClientCertificate: z.boolean().default(false),
  /** Servers that we dial must prove their name. */
  verify: z.boolean().default(true),
});

const Sip = z
  .strictObject({
    port: Port.default(5060),
    tlsPort: Port.optional(),
    tls: Tls.prefault({}),
    /** SIP over WebSocket (RFC 7118), plain and over TLS. */
    wsPort: Port.optional(),
    wssPort: Port.optional(),
    /** Whose pages may open one; programs that are no browsers always may. */
    wsOrigins: z.array(Origin).max(100).default([]),
    /** Asked for names of SIP servers instead of those of the system, `10.0.0.53` or `10.0.0.53:5353`. */
    dnsServers: z
      .array(z.string().regex(/^[0-9a-fA-F.:[\]]{2,60}$/, 'must be an IP address, with a port or without'))
      .max(8)
      .optional(),
    /** Whose peers are told the address of the interface instead of `externalIp`. */
    localNetworks: z.array(z.string().refine(isCidr, 'must be an IP address or a block like 10.0.0.0/8')).max(200).optional(),
    ...SIP_DEFENCE,
    ...SIP_REGISTRAR,
    reliableProvisionals: z.enum(RELIABLE_POLICIES).default('accept'),
  })
  .superRefine(({ port, tlsPort, wsPort, wssPort }, check) => {
    const taken = [port];
    for (const [name, wanted] of Object.entries({ tlsPort, wsPort, wssPort })) {
      if (wanted === undefined) continue;
      const before = taken.indexOf(wanted);
      const message = before === 0 ? 'must differ from sip.port' : 'must differ from the other SIP ports';
      if (wanted !== 0 && before >= 0) check.addIssue({ code: 'custom', path: [name], message });
      taken.push(wanted);
    }
  })
  .refine(({ tls }) => (tls.certificate === undefined) === (tls.key === undefined), {
    path: ['tls'],
    error: 'needs certificate and key, or neither',
  })
  .refine(({ tls }) => tls.certificates.length === 0 || tls.certificate !== undefined, {
    path: ['tls', 'certificates'],
    error: 'needs sip.tls.certificate as well, for those who ask for none of their names',
  })
  .refine(({ tlsPort, tls }) => tlsPort === undefined || tls.certificate !== undefined, {
    path: ['tlsPort'],
    error: 'needs sip.tls.certificate and sip.tls.key',
  })
  .refine(({ wssPort, tls }) => wssPort === undefined || tls.certificate !== undefined, {
    path: ['wssPort'],
    error: 'needs sip.tls.certificate and sip.tls.key',
  });

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
});

const Calls = z.strictObject({
  maxConcurrent: z.number().int().min(1).max(20_000).default(400),
  /** Places that no outbound call takes. */
  reservedForInbound: z.number().int().min(1).max(20_000).default(10),
  maxDurationMs: Millis.default(7_200_000),
  /** An agent rings at least this long before it answers. */
  ringMs: z.number().int().min(0).max(60_000).default(0),
  answerWithinMs: z.number().int().min(0).max(60_000).default(4000),
  /** Voice activity detection on echo and tone calls too, which nobody listens to: for load tests. */
  vadOnBuiltIns: z.boolean().default(false),
});

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
const Outbound = z.strictObject({
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

const SpeechDefaults = z.strictObject({
  stt: z.enum(['embedded', 'openai', 'none']).optional(),
  llm: z.enum(['script', 'openai']).optional(),
  tts: z.enum(['embedded', 'openai']).optional(),
});

/** One of the three services of a provider; its own key and base URL go before the provider's. */
const service = (model: string, timeoutMs: number) => ({
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  model: Name.default(model),
  timeoutMs: Millis.default(timeoutMs),
});
const OpenAi = z.strictObject({
  apiKey: Secret.optional(),
  baseUrl: HttpUrl.optional(),
  stt: z.strictObject(service('gpt-4o-mini-transcribe', 10_000)).prefault({}),
  llm: z.strictObject(service('gpt-4o-mini', 15_000)).prefault({}),
  tts: z.strictObject({ ...service('gpt-4o-mini-tts', 10_000), voice: Name.default('alloy') }).prefault({}),
});

const Embedded = z.strictObject({
  sttPool: z.number().int().min(0).max(64).default(2),
  ttsWorkers: z.number().int().min(1).max(64).default(1),
});

/** A stage has somewhere to send requests to: a key of its own or the provider's, or the address of a server that may need none. */
const reaches = (openai: z.output<typeof OpenAi>, stage: 'stt' | 'llm' | 'tts'): boolean =>
  [openai.apiKey, openai.baseUrl, openai[stage].apiKey, openai[stage].baseUrl].some((value) => value !== undefined);

const Speech = z
  .strictObject({
    defaults: SpeechDefaults.prefault({}),
    openai: OpenAi.prefault({}),
    embedded: Embedded.prefault({}),
  })
  .superRefine((speech, context) => {
    for (const stage of ['stt', 'llm', 'tts'] as const) {
      if (speech.defaults[stage] !== 'openai' || reaches(speech.openai, stage)) continue;
      context.addIssue({
        code: 'custom',
        path: ['defaults', stage],
        message: 'is openai, but there is neither a key (OPENAI_API_KEY) nor a base URL (OPENAI_BASE_URL) for it',
      });
    }
  })
  .transform(({ defaults, openai, embedded }) => ({
    defaults: {
      stt: defaults.stt ?? (reaches(openai, 'stt') ? ('openai' as const) : ('embedded' as const)),
      llm: defaults.llm ?? (reaches(openai, 'llm') ? ('openai' as const) : ('script' as const)),
      tts: defaults.tts ?? (reaches(openai, 'tts') ? ('openai' as const) : ('embedded' as const)),
    },
    openai,
    embedded,
  }));

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
  calls: Calls.prefault({}),
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
  /** What stored passwords are sealed with; without it a key is made in the data directory. */
  secrets: z.strictObject({ key: Secret.min(16, 'must have at least 16 characters').optional() }).prefault({}),
  /** The first encrypts recordings, each can read those it encrypted; without any they are plain files. */
  recordings: z
    .strictObject({ keys: z.array(Secret.min(16, 'must have at least 16 characters')).max(100).default([]) })
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
