import type { TenantId, TrunkId } from '../core/ids.js';
import type { AnswerRules, EarlyMediaPolicy, RedirectRules, ReliablePolicy, SessionTimerPolicy } from './call-setup.js';
import type { DialogHeaders, Headers } from './header-templates.js';
import type { HeaderVariable } from './header-variables.js';
import type { CodecName, EchoCancellation, NoiseSuppression, SrtpPolicy } from './ports/media.js';
import type { TransferPolicy } from './transfer.js';

/**
 * `register`: we register there and are called at our binding. `static`: both ends know each other's address. `accept`: it registers to
 * us, is called at its contacts, and proves its own calls by digest.
 */
export const TRUNK_KINDS = ['register', 'static', 'accept'] as const;
export type TrunkKind = (typeof TRUNK_KINDS)[number];

/** `auto`: as the DNS of its host says (NAPTR, RFC 3263). */
export const TRUNK_TRANSPORTS = ['udp', 'tcp', 'tls', 'auto'] as const;
export type TrunkTransport = (typeof TRUNK_TRANSPORTS)[number];

/** `auto`: the trunk is told the address that its registrar sees us at (RFC 3581); `off`: what the server is configured with. */
export const NAT_MODES = ['off', 'auto'] as const;
export type NatMode = (typeof NAT_MODES)[number];

/** How a trunk writes numbers: `+49301234567`, `49301234567`, or as dialled in its country (`0301234567`, `0044…`). */
export const NUMBER_FORMATS = ['e164', 'e164_without_plus', 'national'] as const;
export type NumberFormat = (typeof NUMBER_FORMATS)[number];

/**
 * How key presses travel: as RTP events (RFC 4733), or as tones in the audio where the far end takes none; as tones in any case; or as SIP
 * INFO. For the last two no RTP events are agreed on.
 */
export const DTMF_MODES = ['rfc4733', 'inband', 'info'] as const;
export type DtmfMode = (typeof DTMF_MODES)[number];

/** Tones of machines in what the far end says: not listened for, kept with the call, or, those after which nobody speaks, its end. */
export const TONE_DETECTION = ['off', 'report', 'end'] as const;
export type ToneDetection = (typeof TONE_DETECTION)[number];

/** Who we say is calling. Identities are numbers or SIP URIs. */
export type CallerIdentity = {
  /** The trunk's user name, or `offhook`, when absent. */
  fromUser: string | undefined;
  /** The trunk's host when absent. */
  fromDomain: string | undefined;
  displayName: string | undefined;
  /** P-Asserted-Identity and P-Preferred-Identity (RFC 3325). */
  assertedIdentity: string | undefined;
  preferredIdentity: string | undefined;
  /** `user=phone` on URIs whose user is a number. */
  userPhone: boolean;
  /** `Privacy: id` (RFC 3323), with an anonymous From. */
  anonymous: boolean;
};

export type NumberRules = {
  /** ISO 3166, e.g. `DE`: where national numbers are at home. */
  country: string | undefined;
  /** In which form we send, and in which we are sent. */
  out: NumberFormat;
  in: NumberFormat;
};

/** Which numbers go out over a trunk. Of several the longest prefix decides, then the lowest priority, then weight by chance. */
export type OutboundRule = { prefix: string; priority: number; weight: number };

/** Which agent a called number or user reaches: `called` is exact, or a prefix with `*` at its end; `agent` its SIP user or id. */
export type InboundRule = { called: string; agent: string };

export type TrunkSettings = {
  kind: TrunkKind;
  host: string;
  /** Undefined: by DNS SRV, or 5060. */
  port: number | undefined;
  transport: TrunkTransport;
  /** SIP URI of the next hop for everything we send. */
  outboundProxy: string | undefined;
  /** `host` or `host:port` of the same trunk, tried in this order when the ones before do not answer. */
  backupServers: readonly string[];
  /** `sha256/<base64>` of the public keys its TLS server may have; they then prove it instead of an authority. */
  tlsPins: readonly string[];
  /** How often the way of the registration is kept open through NAT; undefined: never. */
  keepAliveS: number | undefined;
  nat: NatMode;
  username: string | undefined;
  /** Where it differs from `username`. */
  authUsername: string | undefined;
  /** What a registration asks for; the registrar may grant another time. */
  expiresS: number;
  /** How often its server is asked whether it is there (OPTIONS); undefined: never. */
  pingS: number | undefined;
  codecs: readonly CodecName[];
  dtmf: DtmfMode;
  toneDetection: ToneDetection;
  /** Undefined: as the server does. */
  srtp: SrtpPolicy | undefined;
  /** Undefined: as the server does. */
  echoCancellation: EchoCancellation | undefined;
  /** Undefined: off. An agent may want it otherwise. */
  noiseSuppression: NoiseSuppression | undefined;
  /** RFC 3262, in both directions; undefined: as the server does. */
  reliable: ReliablePolicy | undefined;
  /** Of calls that we place. */
  earlyMedia: EarlyMediaPolicy;
  redirects: RedirectRules;
  /** Without any response for so long the next trunk is tried; undefined: as the server does. */
  firstResponseMs: number | undefined;
  /** Of calls that come in. */
  answer: AnswerRules;
  identity: CallerIdentity;
  numbers: NumberRules;
  /** CIDR blocks or addresses that calls may come from, beside the host when it is an address. */
  sources: readonly string[];
  /** In both directions together; undefined is no limit. */
  maxConcurrentCalls: number | undefined;
  /** Calls that we place. */
  callsPerSecond: number | undefined;
  /** Added to each INVITE; variables of the call fill their placeholders. */
  headers: Headers;
  /** Added to what we send later in its calls, in either direction. */
  dialogHeaders: DialogHeaders;
  outbound: readonly OutboundRule[];
  /** Final SIP codes after which the next trunk is tried; 408 stands for no answer at all. Never once the phone has rung. */
  failoverCodes: readonly number[];
  inbound: readonly InboundRule[];
  /** What is read from the headers of its calls. */
  variables: readonly HeaderVariable[];
  /** How a caller is handed over to somebody else. */
  transfer: TransferPolicy;
  sessionTimer: SessionTimerPolicy;
  /** Our INVITEs go without an offer: the far end makes it, and our ACK answers. */
  delayedOffer: boolean;
  /** Whether the far end may have us call somebody else in its place (REFER). */
  acceptRefer: boolean;
};

/** As a call's record names it, which may outlive it. */
export type TrunkRef = { id: TrunkId; name: string };

/** A connection to a provider or PBX. */
export type Trunk = TrunkSettings & {
  id: TrunkId;
  tenantId: TenantId;
  /** Unique among the tenant's. */
  name: string;
  enabled: boolean;
  /** Sealed for this trunk's id. */
  sealedPassword: string | undefined;
  /** Grows by one with every change. */
  version: number;
  createdAtMs: number;
  updatedAtMs: number;
};
