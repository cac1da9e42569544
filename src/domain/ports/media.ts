import type { Seal } from '../../core/recording-seal.js';
import type { CallQuality } from '../call-quality.js';
import type { HeardTone } from '../tone-recognizer.js';

/** Audio inside the process is 16 kHz mono 16-bit, whatever the line's codec; positions count samples at this rate. */
export const AUDIO_RATE_HZ = 16_000;

/** By their names in session descriptions, in the order in which we offer them: what costs least first. */
export const CODEC_NAMES = ['PCMU', 'PCMA', 'G722', 'opus'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

/** How much of a voice a codec carries: up to 3.4 kHz, or up to 7 kHz and more. */
export const bandOf = (codec: string | undefined): 'narrow' | 'wide' =>
  codec === 'G722' || codec === 'opus' ? 'wide' : 'narrow';

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** SRTP crypto suites, the strongest first, as a=crypto names them (RFC 4568, RFC 6188, RFC 7714). */
export const SRTP_SUITES = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
] as const;
export type SrtpSuite = (typeof SRTP_SUITES)[number];

/** Master keys with their salts behind them. Secrets: never to be logged. */
export type SrtpKeys = { suite: SrtpSuite; sendKey: Buffer; receiveKey: Buffer };

/**
 * `off`: never. `accept`: when the far end offers it. `require`: an offer without it is refused, and ours has nothing else.
 */
export const SRTP_POLICIES = ['off', 'accept', 'require'] as const;
export type SrtpPolicy = (typeof SRTP_POLICIES)[number];

/** Extended reports (RFC 3611) that the far end asked for by a=rtcp-xr: VoIP metrics, and our time where it measures the way by it. */
export type ExtendedReportsWanted = { voipMetrics: boolean; receiverTimes: boolean };

/** What the far end asked of the Opus that it is sent (RFC 7587 section 6.1). */
export type OpusTerms = {
  maxAverageBitrateBps: number;
  maxPlaybackRateHz: number;
  /** It restores what was lost from the packet after it. */
  inBandFec: boolean;
  dtx: boolean;
  constantBitrate: boolean;
};

/**
 * Of the agent's own voice in what is heard. `auto`: taken away where there is some. `on`: filtered from
 * the first word on, found or not. `off`: never.
 */
export const ECHO_CANCELLATION = ['auto', 'on', 'off'] as const;
export type EchoCancellation = (typeof ECHO_CANCELLATION)[number];

/** Of 0 to 10: how hard the encoder tries. More costs much and is hardly heard; the README has figures. */
export const DEFAULT_OPUS_COMPLEXITY = 0;

/** Of what stays the same behind the caller's voice, before anybody looks for speech in it. */
export const NOISE_SUPPRESSION = ['on', 'off'] as const;
export type NoiseSuppression = (typeof NOISE_SUPPRESSION)[number];

/** What offer and answer settled for one RTP session (RFC 3264), seen from our side. */
export type AudioAgreement = {
  codec: CodecName;
  payloadType: number;
  /** The RTP clock: 8000 for G.711 and G.722 (RFC 3551), 48000 for Opus (RFC 7587). */
  clockRateHz: number;
  /** Of the packets we send. */
  ptimeMs: number;
  /** Of Opus only. */
  opus?: OpusTerms | undefined;
  /** RFC 3389, where the far end named it. `sends`: it takes the place of our silence. */
  comfortNoise?: { payloadType: number; sends: boolean } | undefined;
  /** RFC 4733; absent when the far end does not take telephone-event. */
  telephoneEvent: { payloadType: number; clockRateHz: number } | undefined;
  /** Key presses travel as tones in the audio (ITU-T Q.23), both ways. */
  inBandDigits?: boolean | undefined;
  /** What machines say by tones is told; `country` (ISO 3166): those of anywhere when undefined. */
  toneDetection?: { onTone: 'report' | 'end'; country: string | undefined } | undefined;
  remote: { address: string; rtpPort: number; rtcpPort: number };
  direction: MediaDirection;
  /** Present: RTP and RTCP are protected both ways. */
  srtp?: SrtpKeys | undefined;
  /** As the engine was told when absent. */
  echoCancellation?: EchoCancellation | undefined;
  /** `off` when absent. */
  noiseSuppression?: NoiseSuppression | undefined;
  extendedReports?: ExtendedReportsWanted | undefined;
};

/**
 * Where the engine puts what callers say, readable from any thread without a copy.
 *
 * Slot `i` starts at byte `i * slotBytes`: a header of `headerBytes` holding Int32 words, then a ring of `ringSamples`
 * Int16 samples at 16 kHz (a power of two). Word 0 is the generation of the session that owns the slot (0 = free),
 * word 1 the count of samples written so far as an unsigned 32-bit number, stored after the samples (release).
 *
 * Behind it lies a second ring of the same size for the same samples without their noise, with words 2 and 3. The engine touches
 * neither: whoever detects speech writes them, where a session suppresses noise.
 */
export type AudioMemory = {
  buffer: SharedArrayBuffer;
  slots: number;
  slotBytes: number;
  headerBytes: number;
  ringSamples: number;
};

export type MediaEvent =
  /** A key press by RFC 4733 or in band, as agreed, once per press and at its end. `atMs` is monotonic. */
  | { type: 'digit'; digit: string; durationMs: number; atMs: number }
  /** A machine has said something by tones; `atMs` (monotonic) is when that was certain. */
  | { type: 'tone'; tone: HeardTone; atMs: number }
  /** The first sample queued after `mark()` left for the network at `atMs` (monotonic). */
  | { type: 'mark'; id: number; atMs: number }
  /** The queue ran empty by itself, not by a flush: its last sample left for the network at `atMs` (monotonic). */
  | { type: 'drained'; atMs: number }
  /** The source that media is exchanged with was settled. */
  | { type: 'latched'; address: string; port: number }
  /** Recording stopped early (disk full, path gone); what was written stays valid. */
  | { type: 'recordingFailed'; reason: string };

/** Cumulative counters of one session; names carry their unit. */
export type MediaStats = {
  packetsReceived: number;
  packetsSent: number;
  packetsLost: number;
  packetsLate: number;
  packetsDuplicate: number;
  packetsMalformed: number;
  packetsWrongSource: number;
  /** From the right source, but many times more than a call sends: dropped before they were decoded. */
  packetsOverRate: number;
  /** Forged or played again: what SRTP refused. */
  packetsUnauthentic: number;
  concealedSamples: number;
  /** RFC 3550 section 6.4.1 inter-arrival jitter. */
  jitterMs: number;
  /** Worst delay of a sent packet behind its deadline. */
  sendLatenessMaxMs: number;
  recordedSamplesLost: number;
};

/** Whether anything passes, and what the far end says of it (RTCP). Packets and reports are counted since the session opened. */
export type MediaFlow = {
  packetsReceived: number;
  reportsReceived: number;
  /** Reports in a row by which nothing of ours had arrived since the one before, although we sent. */
  reportsHearingNothing: number;
  /** Reports in a row by which the far end had sent RTP since the one before, of which nothing arrived here. */
  reportsUnheard: number;
};

/** The queue of what we say. Position = samples at 16 kHz taken from the queue and sent since the session opened; silence between does not count. */
export interface Playout {
  /** Appends audio of any supported rate (8000, 16000, 22050, 24000, 32000, 44100, 48000). Returns the queue's end as a position. */
  write(pcm: Int16Array, rateHz: number): number;
  /** Asks for a `mark` event when the queue's present end is passed. Returns its id. */
  mark(): number;
  /** Samples sent so far. */
  position(): number;
  /** Samples waiting, including those not yet handed to the engine. */
  queued(): number;
  /** Level of what is being sent, relative to full; ramped over `rampMs` so that it does not click. */
  setGain(db: number, rampMs: number): void;
  /** Stops taking from the queue (RTP goes on with silence). Returns the position of the last sample sent, as of now. */
  pause(): number;
  resume(): void;
  /** Drops what is queued, fading out over `fadeMs`; marks not reached are forgotten. Returns the position where sending ends. */
  flush(fadeMs: number): number;
}

/** Heard over whatever else is sent, and recorded with it. */
export interface Injection {
  /** Appends audio of any rate that a playout queue takes. */
  write(pcm: Int16Array, rateHz: number): void;
  /** Samples at 16 kHz that wait. */
  waiting(): number;
}

/** A line overheard from outside. Whoever opened it closes it. */
export interface LineMonitor {
  /**
   * What has passed since, at 16 kHz, in pairs of samples: what the far end says, and what it is sent. What nobody reads for two seconds
   * is left out.
   */
  read(): Int16Array;
  close(): void;
}

declare const sound: unique symbol;
/** A recording made ready to be played round and round by any number of sessions. */
export type Sound = { readonly [sound]: true };

/** A recording and the level it is played at. */
export type SourceSound = { sound: Sound; gainDb: number };

/** The recordings of the configuration. */
export interface Sounds {
  /** Undefined when there is none of that name. */
  named(name: string): SourceSound | undefined;
  /** Heard by whoever waits while somebody else is consulted. */
  readonly musicOnHold: SourceSound | undefined;
  /** Heard before the answer in place of a ring tone. */
  readonly beforeAnswer: SourceSound | undefined;
}

/** At most two frequencies at once; none is silence. */
export type ToneStep = { hz: readonly number[]; ms: number };

/** A tone has no end. The steps of a cadence, at most 8, follow one another again and again. */
export type AudioSource =
  | { type: 'queue' }
  | { type: 'echo' }
  | { type: 'tone'; hz: number }
  | { type: 'cadence'; steps: readonly ToneStep[] }
  | ({ type: 'sound' } & SourceSound);

/** Behind what the agent says, not behind other sources; at the second level while it speaks and for a second after. */
export type BackgroundSound = SourceSound & { gainUnderSpeechDb: number };

/** What of a session others hear: what its far end says, or what that is told from here. */
export type Hearing = 'said' | 'told';

/** Which one it is; another one may have its slot once it is closed. */
export type SessionRef = { readonly slot: number; readonly generation: number };

/** One RTP session. Whoever opened it closes it. */
export interface MediaSession {
  readonly slot: number;
  readonly generation: number;
  readonly local: { rtpPort: number; rtcpPort: number };
  readonly playout: Playout;
  /** What is heard, and where speech is looked for, has its noise taken out. */
  readonly suppressesNoise: boolean;
  /** From now on; to be told before speech is looked for. Recordings and bridges keep the noise. */
  suppressNoise(): void;
  /** Applies an agreement; called again for every re-INVITE. */
  configure(agreement: AudioAgreement): void;
  readonly injection: Injection;
  /** What is sent: the playout queue (default), the far end's own audio, tones or a recording. Ends a bridge. */
  setSource(source: AudioSource): void;
  /**
   * What is heard here is sent there and the other way, key presses too, each with its own codec, packets and keys; recordings go
   * on. Ends when either session gets another source or is closed: both then send their queues again.
   */
  bridge(other: SessionRef): void;
  /**
   * What is said there (or what is `told` to them from here, without what others say to them) is sent here too, beside what else there is,
   * until `unhear` or either is closed; key presses are not. In a conference each hears all others. A session hears at most 15 others, and
   * as many that are told something: nothing happens for one more.
   */
  hear(other: SessionRef, what?: Hearing): void;
  unhear(other: SessionRef, what?: Hearing): void;
  /** From now on, softly; undefined ends it. */
  setBackground(background: BackgroundSound | undefined): void;
  /** One at a time. */
  monitor(): LineMonitor;
  /** Sends key presses by RFC 4733 or in band, as agreed, after what is queued before it; playout is suppressed meanwhile. */
  sendDigits(digits: string, options?: { durationMs?: number; gapMs?: number }): void;
  /** Samples heard since the session opened (16 kHz). */
  heard(): number;
  /** A copy of what was heard from sample `from` (inclusive) to `to`; what the ring no longer holds is left out at the front. */
  readHeard(from: number, to: number): Int16Array;
  /** When the packet that carries this heard sample arrived (monotonic ms); undefined when it is too old to know. */
  arrivalMs(sample: number): number | undefined;
  /** Monotonic ms at which the last packet with queue audio at full level left; undefined when none did. */
  lastFullLevelSentMs(): number | undefined;
  /** Records both sides to a stereo 16-bit WAV (caller left, agent right) that stays valid after kill -9. */
  startRecording(path: string, seal?: Seal): void;
  /** Neither side is recorded until `resumeRecording`; silence takes the place of as much time. Idempotent, as is the other. */
  pauseRecording(): void;
  resumeRecording(): void;
  /** Resolves when the file is complete. */
  stopRecording(): Promise<{ durationMs: number; lostSamples: number }>;
  stats(): MediaStats;
  flow(): MediaFlow;
  /** As of now, or at the close; undefined before anything was agreed. */
  quality(): CallQuality | undefined;
  onEvent(listener: (event: MediaEvent) => void): void;
  /** Idempotent. Resolves with the final counters when the recording is complete; the port is quarantined before it is used again. */
  close(): Promise<MediaStats>;
}

export interface MediaEngine {
  readonly audioMemory: AudioMemory;
  /** @throws AppError `media_ports_exhausted` when no port pair or slot is free. */
  open(): MediaSession;
  /** 16-bit mono of any rate that a playout queue takes. */
  prepareSound(pcm: Int16Array, rateHz: number): Sound;
  /** Sessions open now, and how many fit. */
  usage(): { open: number; capacity: number };
  close(): Promise<void>;
}
