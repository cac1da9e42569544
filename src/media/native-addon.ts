import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { EchoCancellation, OpusTerms, Sound, ToneStep } from '../domain/ports/media.js';

/** What became of a file; told even when the session is gone by then. */
export type RecordingClosed = {
  type: 'recordingClosed';
  generation: number;
  durationSamples: number;
  lostSamples: number;
  /** Empty unless the file ended early. */
  error: string;
};

/** What native code tells, in the order in which it happened. */
export type NativeEvent = SessionEvent | RecordingClosed;

export type SessionEvent = { slot: number; generation: number; atMs: number } & (
  | { type: 'digit'; digit: string; durationMs: number }
  /** `highHz` is 0 where there is one alone; times since the session heard its first sample that was listened to. */
  | { type: 'sound'; lowHz: number; highHz: number; startMs: number; endMs: number }
  | { type: 'mark'; id: number }
  | { type: 'drained' }
  | { type: 'latched'; address: string; port: number }
  | { type: 'recordingFailed'; reason: string }
  | { type: 'detached'; stats: NativeStats }
);

export type NativeStats = {
  packetsReceived: number;
  packetsSent: number;
  payloadBytesSent: number;
  packetsLost: number;
  packetsLate: number;
  packetsDuplicate: number;
  packetsMalformed: number;
  packetsWrongSource: number;
  packetsOverRate: number;
  /** Of the losses: RFC 3611 section 4.7.2. */
  lossRuns: number;
  lossBursts: number;
  burstPackets: number;
  burstPacketsLost: number;
  packetsUnauthentic: number;
  concealedSamples: number;
  jitterUs: number;
  sendLatenessMaxMs: number;
  recordedSamplesLost: number;
  ssrc: number;
  lastSentTimestamp: number;
  lastSentMs: number;
  remoteSsrc: number;
  remoteHighestSequence: number;
  remoteExpected: number;
  remoteReceived: number;
};

export type NativeFigures = {
  scheduling: 'fifo' | 'nice' | 'other';
  openSessions: number;
  ticks: number;
  ticksSkipped: number;
  wakeUps: number;
  /** Of either side of a line, that nobody read in time. */
  monitoredSamplesLost: number;
  eventsLost: number;
  tickLatenessMaxMs: number;
};

export type NativeAgreement = {
  /** False keeps the running codec and its state. */
  freshCodec: boolean;
  codec: string;
  payloadType: number;
  clockRateHz: number;
  ptimeMs: number;
  opus?: OpusTerms | undefined;
  /** 0 to 10. */
  opusComplexity: number;
  comfortNoise?: { payloadType: number; sends: boolean } | undefined;
  telephoneEvent: { payloadType: number; clockRateHz: number } | undefined;
  inBandDigits?: boolean | undefined;
  tracksTones: boolean;
  remote: { address: string; rtpPort: number };
  direction: string;
  echoCancellation: EchoCancellation;
  /** A key that is not given stays what it was, with its rollover count. */
  srtp: { suite: string; sendKey?: Buffer; receiveKey?: Buffer } | undefined;
};

/** The class the addon exports. Sessions are named by slot and generation; calls for one that is gone throw. */
export interface NativeEngine {
  open(): { slot: number; generation: number; rtpPort: number } | null;
  close(slot: number, generation: number): void;
  configure(slot: number, generation: number, agreement: NativeAgreement): void;
  setSource(slot: number, generation: number, type: 'queue' | 'echo' | 'tone', steps: readonly ToneStep[]): void;
  /** Does nothing when the other one is closed. */
  bridge(slot: number, generation: number, otherSlot: number, otherGeneration: number): void;
  /** What the other one's far end says is sent to this one's too. Does nothing when it is closed, or one too many. */
  hear(slot: number, generation: number, otherSlot: number, otherGeneration: number, told: boolean): void;
  unhear(slot: number, generation: number, otherSlot: number, otherGeneration: number, told: boolean): void;
  /** In place of the queue, from its beginning, until another source is set. */
  playSound(slot: number, generation: number, sound: Sound, gain: number): void;
  /** Null: none. */
  setBackground(slot: number, generation: number, sound: Sound | null, gain: number, gainUnderSpeech: number): void;
  inject(slot: number, generation: number, pcm: Int16Array, rateHz: number): void;
  /** -> samples waiting */
  injected(slot: number, generation: number): number;
  monitor(slot: number, generation: number, on: boolean): void;
  /** Takes what has passed since: pairs of what is heard and what is sent. */
  readMonitor(slot: number, generation: number): Int16Array;
  sendDigit(slot: number, generation: number, digit: string, durationMs: number, gapMs: number): void;
  /** -> why it failed */
  startRecording(
    slot: number,
    generation: number,
    path: string,
    seal: { prefix: Buffer; key: Buffer } | undefined,
  ): string | undefined;
  stopRecording(slot: number, generation: number): void;
  pauseRecording(slot: number, generation: number, paused: boolean): void;
  /** Takes what waits on the RTCP port, at most 16 datagrams. */
  receiveRtcp(slot: number, generation: number): { data: Buffer; address: string; port: number; atMs: number }[];
  /** Does nothing when the address is none that can be sent to. */
  sendRtcp(slot: number, generation: number, data: Buffer, address: string, port: number): void;
  /** Of what is sent. */
  expectLoss(slot: number, generation: number, percent: number): void;
  setGain(slot: number, generation: number, gain: number, rampSamples: number): void;
  /** -> end of the queue as a position */
  write(slot: number, generation: number, pcm: Int16Array, rateHz: number): number;
  mark(slot: number, generation: number): number;
  position(slot: number, generation: number): number;
  end(slot: number, generation: number): number;
  pause(slot: number, generation: number): number;
  resume(slot: number, generation: number): void;
  flush(slot: number, generation: number, fadeSamples: number): number;
  arrivalMs(slot: number, generation: number, sample: number): number | undefined;
  lastFullLevelSentMs(slot: number, generation: number): number | undefined;
  stats(slot: number, generation: number): NativeStats;
  figures(): NativeFigures;
  shutdown(): void;
}

/** An echo canceller by itself, at 16 kHz. */
export interface NativeEchoCanceller {
  sent(samples: Int16Array): void;
  /** Cleans them where they are. */
  heard(samples: Int16Array): void;
  found(): boolean;
}

/** A detector of key presses by itself, at 16 kHz. */
export interface NativeDtmfDetector {
  /** -> the keys whose press has ended */
  heard(samples: Int16Array): string;
}

type NativeAddon = {
  DtmfDetector: new () => NativeDtmfDetector;
  /** @throws TypeError, or RangeError for a rate that is not supported. */
  Sound: new (
    pcm: Int16Array,
    rateHz: number,
  ) => Sound;
  EchoCanceller: new (mode: EchoCancellation, wide: boolean) => NativeEchoCanceller;
  Engine: new (
    options: {
      bind: string;
      portMin: number;
      portMax: number;
      capacity: number;
      memory: Uint8Array;
      slotBytes: number;
      headerBytes: number;
      ringSamples: number;
    },
    onEvents: (events: NativeEvent[]) => void,
  ) => NativeEngine;
};

/** The addon lies in the repository, not in `dist`: three levels above the compiled form of this file. */
const ADDON_PATH = fileURLToPath(new URL('../../../native/build/Release/offhook.node', import.meta.url));

export function loadNativeAddon(): NativeAddon {
  try {
    return createRequire(import.meta.url)(ADDON_PATH) as NativeAddon;
  } catch (cause) {
    throw new Error(`the media engine is not built or does not load (${ADDON_PATH}): run "npm run build:native"`, { cause });
  }
}
