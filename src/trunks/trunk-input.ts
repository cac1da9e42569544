import { isIP } from 'node:net';
import { z } from 'zod';
import { isCidr } from '../core/source-list.js';
import {
  ANSWER_MODES,
  DEFAULT_SESSION_TIMER,
  EARLY_MEDIA_POLICIES,
  REDIRECT_POLICIES,
  RELIABLE_POLICIES,
  SESSION_REFRESH_METHODS,
  SESSION_REFRESHERS,
  SESSION_TIMER_MODES,
} from '../domain/call-setup.js';
import { CODEC_NAMES, ECHO_CANCELLATION, NOISE_SUPPRESSION, SRTP_POLICIES } from '../domain/ports/media.js';
import { TRANSFER_POLICIES } from '../domain/transfer.js';
import { DTMF_MODES, NAT_MODES, TONE_DETECTION, TRUNK_KINDS, TRUNK_TRANSPORTS } from '../domain/trunk.js';
import { HeaderVariables } from '../routes/header-input.js';
import { TRUNK_STATES } from './active-trunks.js';
import { NumberRulesBody } from './number-rules-input.js';

/**
 * What an operator says of a trunk, by REST and in the configuration file alike: the entries of `trunks:` there have these very fields.
 */
const text = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'has characters that are not allowed');
/** The user part of a SIP URI, unescaped (RFC 3261 section 25.1), without what would end it. */
/** What stands in a header: a line break would begin another. */
const OneLine = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be one line');
const User = z.string().regex(/^[\w.!~*'()%+-]{1,100}$/, 'must be the user part of a SIP URI');
const isHost = (value: string): boolean =>
  isIP(value) !== 0 || /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(value);
const Host = z.string().refine(isHost, 'must be a host name or an IP address');
/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
function isServer(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const [, v6, host = '', port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(value) ?? [];
  const known = v6 === undefined ? isHost(host) : isIP(v6) === 6;
  return known && (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535));
}
const SipUri = z
  .string()
  .max(300)
  .regex(/^sips?:[^\s<>"\\]+$/i, 'must be a SIP URI');
const Party = z
  .string()
  .max(300)
  .regex(/^(\+[1-9]\d{1,14}|sips?:[^\s<>"\\]+)$/i, 'must be an E.164 number or a SIP URI');

const Identity = z
  .strictObject({
    from_user: User.nullish().meta({ description: 'User of From; the `username`, or `offhook`, when left out.' }),
    from_domain: Host.nullish().meta({ description: 'Host of From; the host of the trunk when left out.' }),
    display_name: OneLine(100).nullish(),
    asserted_identity: Party.nullish().meta({
      description: 'P-Asserted-Identity: a number or a SIP URI.',
      example: '+4930123456',
    }),
    preferred_identity: Party.nullish().meta({ description: 'P-Preferred-Identity: a number or a SIP URI.' }),
    user_phone: z.boolean().default(false).meta({ description: 'Adds `user=phone` to URIs whose user is a number.' }),
    anonymous: z.boolean().default(false).meta({ description: '`Privacy: id` and an anonymous From.' }),
  })
  .meta({ description: 'Who we say is calling.' });

/** Written by us or by the far end, or with a field of their own. */
const NOT_HEADERS =
  /^(via|from|to|contact|call-id|cseq|max-forwards|route|record-route|content-.*|authorization|proxy-authorization|allow|require|supported|p-asserted-identity|p-preferred-identity|privacy|user-agent|[a-z])$/i;
const Headers = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z0-9!%*_+`'~.-]{1,60}$/, 'must be the name of a header')
      .refine((name) => !NOT_HEADERS.test(name), 'is not free to be set'),
    OneLine(500),
  )
  .refine((headers) => Object.keys(headers).length <= 20, 'must not be more than 20')
  .meta({
    description:
      'Added to each INVITE. `{{name}}` is filled from the `context_data` of the task or the variables of the call, `{{call.id}}`, `{{task.id}}`, `{{agent.id}}` and `{{agent.name}}` from the call itself; what has none of its values is left out.',
    example: { 'X-Account': '42', 'X-Customer-ID': '{{customer_id}}' },
  });

/** We write these into requests in a dialog ourselves. */
const NOT_IN_DIALOGS = /^(reason|refer-to|refer-sub|referred-by|replaces|event|subscription-state)$/i;
const InDialog = Headers.refine(
  (headers) => !Object.keys(headers).some((name) => NOT_IN_DIALOGS.test(name)),
  'has a header that is not free to be set',
).default({});
const DialogHeaders = z
  .strictObject({
    bye: InDialog.meta({ description: 'Of each BYE.' }),
    refer: InDialog.meta({ description: 'Of each REFER.' }),
    refer_to: InDialog.meta({ description: 'Of the call that the far end makes when it is asked to by REFER.' }),
  })
  .meta({ description: 'Added to what is sent later in calls of both directions, with placeholders as in `headers`.' });

/** RFC 4028. */
const SessionTimer = z
  .strictObject({
    mode: z.enum(SESSION_TIMER_MODES).default(DEFAULT_SESSION_TIMER.mode),
    expires_seconds: z.number().int().min(90).max(86_400).default(DEFAULT_SESSION_TIMER.expiresS),
    min_se_seconds: z.number().int().min(90).max(86_400).default(DEFAULT_SESSION_TIMER.minSeS),
    refresher: z.enum(SESSION_REFRESHERS).default(DEFAULT_SESSION_TIMER.refresher),
    refresh_method: z.enum(SESSION_REFRESH_METHODS).default(DEFAULT_SESSION_TIMER.refreshMethod),
  })
  .refine((timer) => timer.expires_seconds >= timer.min_se_seconds, {
    path: ['expires_seconds'],
    error: 'must not be less than min_se_seconds',
  })
  .meta({
    description:
      'A call is refreshed every so often, and ended when it is not (RFC 4028). `off`: never; `accept`: when the far end asks; `request`: on every call. `refresher` is who does it where the far end leaves that open; `update` stands for UPDATE where it is allowed, else re-INVITE.',
  });

/** Of a refusal by the person called, or taken back by us: another trunk would ring the same phone again. */
const NEVER_FAILOVER: readonly number[] = [486, 487, 600, 603];
const FAILOVER_CODES = [408, 480, 500, 502, 503, 504];

const Outbound = z
  .array(
    z.strictObject({
      prefix: z
        .string()
        .regex(/^\+\d{0,15}$/, 'must be + and the first digits of numbers')
        .default('+'),
      priority: z.number().int().min(0).max(1000).default(100).meta({ description: 'The lowest goes first.' }),
      weight: z.number().int().min(1).max(1000).default(1).meta({ description: 'Share of the calls among equal priorities.' }),
    }),
  )
  .max(200)
  .meta({
    description: 'NumberRulesBody that go out over this trunk; the longest prefix decides. None: the trunk places no calls.',
  });

const Inbound = z
  .array(
    z.strictObject({
      called: z
        .string()
        .max(100)
        .regex(/^[^\s*]*\*?$/, 'must be a number or user, or the beginning of one and *')
        .refine((called) => called !== '', 'must not be empty'),
      agent: text(100).meta({ description: 'SIP user or id of the agent, or a built-in one.' }),
    }),
  )
  .max(1000)
  .meta({
    description:
      'Which agent a called number reaches, the first that fits. What fits none is looked for as the SIP user of an agent.',
    example: [
      { called: '+4930123456', agent: 'front-desk' },
      { called: '*', agent: 'demo' },
    ],
  });

const Redirects = z
  .strictObject({
    policy: z.enum(REDIRECT_POLICIES).default('refuse'),
    max: z.number().int().min(1).max(10).default(3).meta({ description: 'Redirections of one call that are followed.' }),
  })
  .meta({
    description:
      'Where a 3xx may send our calls: nowhere, elsewhere on the host of the trunk, or anywhere. NumberRulesBody that may not be called are not called this way either, and other hosts are not told who we are.',
  });

const Answer = z
  .strictObject({
    mode: z.enum(ANSWER_MODES).default('when_ready').meta({
      description:
        "`when_ready`: it rings until the agent's first words lie ready. `immediate`: at once. `early_media`: the caller hears an announcement, or a ring tone of ours, before the answer.",
    }),
    within_ms: z.number().int().min(0).max(60_000).nullish().meta({
      description: 'After so long it is answered, ready or not. Null: as `calls.answerWithinMs` of the configuration says.',
    }),
    announcement: text(2000).nullish().meta({
      description: "Said before the answer with `early_media`, in the agent's voice; a ring tone when left out.",
    }),
  })
  .meta({ description: 'How calls that come in are answered by agents.' });

const FIELDS = {
  name: text(100),
  kind: z.enum(TRUNK_KINDS).meta({
    description:
      '`register`: we register there. `static`: both ends know the address of the other. `accept`: it registers to us, as `username`; `host` is only what stands in URIs then.',
  }),
  enabled: z.boolean(),
  host: Host.meta({ example: 'sip.provider.example' }),
  port: z.number().int().min(1).max(65_535).nullable().meta({ description: 'Null: by DNS SRV, or 5060.' }),
  transport: z.enum(TRUNK_TRANSPORTS).meta({ description: '`auto`: what DNS (NAPTR, SRV) names for the host.' }),
  outbound_proxy: SipUri.nullable().meta({ description: 'Next hop of all we send.', example: 'sip:proxy.example:5060' }),
  backup_servers: z
    .array(z.string().refine(isServer, 'must be a host or host:port'))
    .max(8)
    .meta({
      description:
        'Tried in this order when the host (or all that DNS names for it) does not answer within 4 s, refuses the connection or says 503; who failed is tried last for a minute or more.',
      example: ['sip2.provider.example', '203.0.113.9:5070'],
    }),
  tls_pins: z
    .array(z.string().regex(/^sha256\/[A-Za-z0-9+/]{43}=$/, 'must be sha256/ and the hash of a public key in base64'))
    .max(8)
    .meta({
      description:
        'Public keys that the TLS server may have, as curl writes them; they prove it instead of an authority, a self-signed certificate too.',
      example: ['sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    }),
  keep_alive_seconds: z.number().int().min(5).max(3600).nullable().meta({
    description: 'How often the way to the registrar is kept open (CRLF), so that calls come in through NAT. Null: never.',
  }),
  nat: z
    .enum(NAT_MODES)
    .meta({ description: '`auto`: our address on it is what its registrar sees (RFC 3581), not a configured one.' }),
  username: User.nullable(),
  auth_username: OneLine(100).nullable().meta({ description: 'Where it differs from `username`.' }),
  password: z.string().min(1).max(200).nullable().meta({ description: 'Is never given back.' }),
  expires_seconds: z.number().int().min(60).max(86_400).meta({ description: 'What a registration asks for.' }),
  ping_seconds: z.number().int().min(5).max(3600).nullable().meta({
    description:
      'How often the server of the trunk is asked whether it is there (OPTIONS). Three times no answer, or 503, and it is `down` until two answers in a row. Null: never asked.',
  }),
  codecs: z
    .array(z.enum(CODEC_NAMES))
    .min(1)
    .max(CODEC_NAMES.length)
    .transform((codecs) => [...new Set(codecs)])
    .meta({
      description: 'What is offered and taken, in this order.',
      type: 'array',
      items: { type: 'string', enum: [...CODEC_NAMES] },
    }),
  dtmf: z.enum(DTMF_MODES).meta({ description: 'Key presses as RTP events, or else tones; always as tones; or as SIP INFO.' }),
  srtp: z.enum(SRTP_POLICIES).nullable().meta({
    description:
      'Encrypted audio: never, where the far end offers it, or always. Null: as `media.srtp` of the configuration says.',
  }),
  echo_cancellation: z.enum(ECHO_CANCELLATION).nullable().meta({
    description: 'Of what we say, coming back with the caller. Null: as `media.echoCancellation` of the configuration says.',
  }),
  noise_suppression: z.enum(NOISE_SUPPRESSION).nullable().meta({
    description: "Takes steady noise out of what the agent hears. Null: off. An agent's own setting goes before it.",
  }),
  tone_detection: z.enum(TONE_DETECTION).meta({
    description:
      'Listens for what machines say by tones: ringing, busy, congestion, information tones, fax, the beep of an answering machine. ' +
      '`report`: they stand on the call. `end`: busy, congestion, information tones and fax end it too.',
  }),
  '100rel': z.enum(RELIABLE_POLICIES).nullable().meta({
    description:
      'Reliable provisional responses (RFC 3262) in both directions: never, with far ends that can, or with nobody else. Null: as `sip.reliableProvisionals` of the configuration says.',
  }),
  early_media: z.enum(EARLY_MEDIA_POLICIES).meta({
    description: 'What is sent before our calls are answered: heard and recorded, or left alone.',
  }),
  redirects: Redirects,
  first_response_ms: z.number().int().min(500).max(30_000).nullable().meta({
    description:
      'A call of ours that gets no response at all for so long, not even 100, goes to the next trunk. Null: as `outbound.firstResponseMs` of the configuration says.',
  }),
  answer: Answer,
  identity: Identity,
  numbers: NumberRulesBody,
  sources: z
    .array(z.string().refine(isCidr, 'must be an IP address or a CIDR block'))
    .max(200)
    .meta({ description: 'Where calls may come from, beside the host when it is an address.', example: ['203.0.113.0/24'] }),
  max_concurrent_calls: z.number().int().min(1).max(20_000).nullable().meta({ description: 'In and out together.' }),
  calls_per_second: z.number().min(0.01).max(1000).nullable().meta({ description: 'Calls that we place.' }),
  headers: Headers,
  dialog_headers: DialogHeaders,
  outbound: Outbound,
  failover_codes: z
    .array(
      z
        .number()
        .int()
        .min(300)
        .max(699)
        .refine((code) => !NEVER_FAILOVER.includes(code), `must not be one of ${NEVER_FAILOVER.join(', ')}`),
    )
    .max(100)
    .meta({
      description:
        'Final codes after which the next trunk is tried, unless the phone has rung already; 408 stands for no answer at all.',
    }),
  inbound: Inbound,
  variables: HeaderVariables,
  transfer: z.enum(TRANSFER_POLICIES).meta({
    description:
      'How a caller is handed over: the far end is asked to call the target itself (`refer`), we call it and join the two (`bridge`), or the one and, where the far end refuses, the other.',
  }),
  session_timer: SessionTimer,
  delayed_offer: z.boolean().meta({
    description: 'INVITEs go without a session description: the far end makes the offer in its 200, and our ACK answers it.',
  }),
  accept_refer: z.boolean().meta({
    description:
      'Whether the far end may have us call somebody else in its place (REFER): numbers under the same guard as calls that we place, and users at the host of the trunk.',
  }),
};

export const TrunkCreate = z
  .strictObject({
    name: FIELDS.name,
    kind: FIELDS.kind,
    host: FIELDS.host,
    enabled: FIELDS.enabled.default(true),
    port: FIELDS.port.default(null),
    transport: FIELDS.transport.default('udp'),
    outbound_proxy: FIELDS.outbound_proxy.default(null),
    backup_servers: FIELDS.backup_servers.default([]),
    tls_pins: FIELDS.tls_pins.default([]),
    keep_alive_seconds: FIELDS.keep_alive_seconds.default(25),
    nat: FIELDS.nat.default('off'),
    username: FIELDS.username.default(null),
    auth_username: FIELDS.auth_username.default(null),
    password: FIELDS.password.default(null),
    expires_seconds: FIELDS.expires_seconds.default(3600),
    ping_seconds: FIELDS.ping_seconds.default(null),
    codecs: FIELDS.codecs.default([...CODEC_NAMES]),
    dtmf: FIELDS.dtmf.default('rfc4733'),
    tone_detection: FIELDS.tone_detection.default('off'),
    srtp: FIELDS.srtp.default(null),
    echo_cancellation: FIELDS.echo_cancellation.default(null),
    noise_suppression: FIELDS.noise_suppression.default(null),
    '100rel': FIELDS['100rel'].default(null),
    early_media: FIELDS.early_media.default('accept'),
    redirects: FIELDS.redirects.prefault({}),
    first_response_ms: FIELDS.first_response_ms.default(null),
    answer: FIELDS.answer.prefault({}),
    identity: FIELDS.identity.prefault({}),
    numbers: FIELDS.numbers.prefault({}),
    sources: FIELDS.sources.default([]),
    max_concurrent_calls: FIELDS.max_concurrent_calls.default(null),
    calls_per_second: FIELDS.calls_per_second.default(null),
    headers: FIELDS.headers.default({}),
    dialog_headers: FIELDS.dialog_headers.prefault({}),
    outbound: FIELDS.outbound.default([]),
    failover_codes: FIELDS.failover_codes.default(FAILOVER_CODES),
    inbound: FIELDS.inbound.default([]),
    variables: FIELDS.variables.default([]),
    transfer: FIELDS.transfer.default('auto'),
    session_timer: FIELDS.session_timer.prefault({}),
    delayed_offer: FIELDS.delayed_offer.default(false),
    accept_refer: FIELDS.accept_refer.default(false),
  })
  .meta({ id: 'TrunkCreate' });

export const TrunkPatchBody = z.strictObject(FIELDS).partial().meta({
  id: 'TrunkPatch',
  description: 'Only the fields that change; objects and lists are replaced as a whole, null clears.',
});

const { password: _, ...SHOWN } = FIELDS;
export const TrunkResource = z
  .object({
    id: z.uuid(),
    ...SHOWN,
    has_password: z.boolean(),
    version: z.number().int(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: 'Trunk' });

export const TrunkStatusResource = z
  .object({
    id: z.uuid(),
    state: z.enum(TRUNK_STATES).meta({
      description:
        '`ready`: a static trunk; it needs no registration. `unregistered`: it accepts registrations, and has none. `failed`: not registered, `last_error` says why. `down`: does not answer OPTIONS; calls out go elsewhere.',
    }),
    last_error: z
      .object({ code: z.number().int().nullable(), message: z.string() })
      .nullable()
      .meta({ description: 'Of the last attempt to register, also while the one before still holds.' }),
    expires_at: z.iso.datetime().nullable().meta({ description: 'When the registration ends unless it is refreshed.' }),
    next_attempt_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'TrunkStatus' });

export type TrunkBody = z.output<typeof TrunkCreate>;
export type TrunkChanges = z.output<typeof TrunkPatchBody>;
export type TrunkView = z.input<typeof TrunkResource>;
