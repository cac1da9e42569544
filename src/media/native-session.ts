import type { Clock } from '../core/clock.js';
import type { Seal } from '../core/recording-seal.js';
import type { CallQuality } from '../domain/call-quality.js';
import {
  AUDIO_RATE_HZ,
  type AudioAgreement,
  type AudioMemory,
  type AudioSource,
  type BackgroundSound,
  type EchoCancellation,
  type Hearing,
  type LineMonitor,
  type MediaEvent,
  type MediaFlow,
  type MediaSession,
  type MediaStats,
  type SessionRef,
  type SrtpKeys,
} from '../domain/ports/media.js';
import { ToneRecognizer } from '../domain/tone-recognizer.js';
import { SlotReader } from './audio-memory.js';
import type { NativeAgreement, NativeEngine, NativeStats, RecordingClosed, SessionEvent } from './native-addon.js';
import { NativeInjection } from './native-injection.js';
import { gainOf, NativePlayout } from './native-playout.js';
import { RtcpExchange } from './rtcp-exchange.js';
import { sessionQuality } from './session-quality.js';

const DIGIT_MS = 100;
const DIGIT_GAP_MS = 60;
const DTMF = /^[0-9*#A-Da-d]$/;

type RecordingResult = { durationMs: number; lostSamples: number };
type Recording = { closed: Promise<RecordingResult>; resolve: (result: RecordingResult) => void };

/** What all sessions of an engine have in common. `cname` names this host in RTCP without telling which it is (RFC 7022). */
export type SessionDefaults = { clock: Clock; cname: string; echoCancellation: EchoCancellation; opusComplexity: number };

export class NativeSession implements MediaSession {
  readonly slot: number;
  readonly generation: number;
  readonly local: { rtpPort: number; rtcpPort: number };
  readonly playout: NativePlayout;
  readonly injection: NativeInjection;
  readonly #native: NativeEngine;
  readonly #defaults: SessionDefaults;
  readonly #memory: AudioMemory;
  #heard: SlotReader;
  readonly #listeners: ((event: MediaEvent) => void)[] = [];
  readonly #rtcp: RtcpExchange;
  #agreement: AudioAgreement | undefined;
  #tones: ToneRecognizer | undefined;
  #soundMs = 0;
  #recording: Recording | undefined;
  #recordedSamplesLost = 0;
  #suppressesNoise = false;
  #heardAtClose: number | undefined;
  #lastStats: MediaStats | undefined;
  #finalFigures: NativeStats | undefined;
  #closing: Promise<MediaStats> | undefined;
  #onClosed: () => void = () => {};
  #onDetached: () => void = () => {};

  constructor(
    native: NativeEngine,
    memory: AudioMemory,
    opened: { slot: number; generation: number; rtpPort: number },
    defaults: SessionDefaults,
  ) {
    this.#native = native;
    this.#defaults = defaults;
    this.slot = opened.slot;
    this.generation = opened.generation;
    this.local = { rtpPort: opened.rtpPort, rtcpPort: opened.rtpPort + 1 };
    this.playout = new NativePlayout(native, opened.slot, opened.generation);
    this.injection = new NativeInjection(native, opened.slot, opened.generation);
    this.#memory = memory;
    this.#heard = new SlotReader(memory, opened.slot);
    this.#rtcp = new RtcpExchange(native, opened.slot, opened.generation, defaults.clock, defaults.cname);
  }

  get suppressesNoise(): boolean {
    return this.#suppressesNoise;
  }

  suppressNoise(): void {
    this.#suppressesNoise = true;
    this.#heard = new SlotReader(this.#memory, this.slot, this.generation);
  }

  configure(agreement: AudioAgreement): void {
    if (this.#closing) return;
    const before = this.#agreement;
    const freshCodec = before?.codec !== agreement.codec || before.clockRateHz !== agreement.clockRateHz;
    const srtp = freshKeys(agreement.srtp, before?.srtp);
    this.#native.configure(this.slot, this.generation, {
      ...agreement,
      freshCodec,
      srtp,
      tracksTones: agreement.toneDetection !== undefined,
      echoCancellation: agreement.echoCancellation ?? this.#defaults.echoCancellation,
      opusComplexity: this.#defaults.opusComplexity,
    });
    this.#agreement = agreement;
    this.#rtcp.configure(agreement);
  }

  setSource(source: AudioSource): void {
    if (this.#closing) return;
    if (source.type === 'sound') {
      this.#native.playSound(this.slot, this.generation, source.sound, gainOf(source.gainDb));
      return;
    }
    const type = source.type === 'cadence' ? 'tone' : source.type;
    const steps = source.type === 'tone' ? [{ hz: [source.hz], ms: 0 }] : source.type === 'cadence' ? source.steps : [];
    this.#native.setSource(this.slot, this.generation, type, steps);
  }

  bridge({ slot, generation }: SessionRef): void {
    if (!this.#closing) this.#native.bridge(this.slot, this.generation, slot, generation);
  }

  hear({ slot, generation }: SessionRef, what?: Hearing): void {
    if (!this.#closing) this.#native.hear(this.slot, this.generation, slot, generation, what === 'told');
  }

  setBackground(background: BackgroundSound | undefined): void {
    if (this.#closing) return;
    const { sound, gainDb = 0, gainUnderSpeechDb = 0 } = background ?? {};
    this.#native.setBackground(this.slot, this.generation, sound ?? null, gainOf(gainDb), gainOf(gainUnderSpeechDb));
  }

  monitor(): LineMonitor {
    const { slot, generation } = this;
    const whileOpen = <T>(act: () => T, otherwise: T): T => (this.#closing ? otherwise : act());
    whileOpen(() => this.#native.monitor(slot, generation, true), undefined);
    return {
      read: () => whileOpen(() => this.#native.readMonitor(slot, generation), new Int16Array()),
      close: () => whileOpen(() => this.#native.monitor(slot, generation, false), undefined),
    };
  }

  unhear({ slot, generation }: SessionRef, what?: Hearing): void {
    if (!this.#closing) this.#native.unhear(this.slot, this.generation, slot, generation, what === 'told');
  }

  sendDigits(digits: string, options: { durationMs?: number; gapMs?: number } = {}): void {
    if (this.#closing) return;
    const { durationMs = DIGIT_MS, gapMs = DIGIT_GAP_MS } = options;
    for (const digit of digits) {
      if (DTMF.test(digit)) this.#native.sendDigit(this.slot, this.generation, digit, durationMs, gapMs);
    }
  }

  heard(): number {
    return this.#heardAtClose ?? this.#heard.written();
  }

  readHeard(from: number, to: number): Int16Array {
    // Once detached the slot may hold somebody else's voice.
    return this.#lastStats ? new Int16Array(0) : this.#heard.read(from, to);
  }

  arrivalMs(sample: number): number | undefined {
    if (this.#closing || sample < 0 || sample >= this.heard()) return undefined;
    return this.#native.arrivalMs(this.slot, this.generation, sample);
  }

  lastFullLevelSentMs(): number | undefined {
    return this.#closing ? undefined : this.#native.lastFullLevelSentMs(this.slot, this.generation);
  }

  startRecording(path: string, seal?: Seal): void {
    if (this.#closing) return;
    if (this.#recording) throw new Error('the session is being recorded already');
    const failure = this.#native.startRecording(this.slot, this.generation, path, seal);
    if (failure === undefined) {
      let resolve: Recording['resolve'] = () => {};
      const closed = new Promise<RecordingResult>((settle) => {
        resolve = settle;
      });
      this.#recording = { closed, resolve };
      return;
    }
    // Told like a failure later on, so that callers need one path only; not before this call has returned.
    queueMicrotask(() => this.#tell({ type: 'recordingFailed', reason: failure }));
  }

  pauseRecording(): void {
    if (!this.#closing) this.#native.pauseRecording(this.slot, this.generation, true);
  }

  resumeRecording(): void {
    if (!this.#closing) this.#native.pauseRecording(this.slot, this.generation, false);
  }

  async stopRecording(): Promise<RecordingResult> {
    if (!this.#recording) return { durationMs: 0, lostSamples: 0 };
    if (!this.#closing) this.#native.stopRecording(this.slot, this.generation);
    return this.#recording.closed;
  }

  stats(): MediaStats {
    return this.#lastStats ?? this.#stats(this.#native.stats(this.slot, this.generation));
  }

  flow(): MediaFlow {
    const { packetsReceived } = this.stats();
    const { farEnd } = this.#rtcp;
    return {
      packetsReceived,
      reportsReceived: farEnd.count,
      reportsHearingNothing: farEnd.hearingNothing,
      reportsUnheard: farEnd.unheard(packetsReceived),
    };
  }

  quality(): CallQuality | undefined {
    if (!this.#agreement) return undefined;
    const own = this.#finalFigures ?? this.#native.stats(this.slot, this.generation);
    return sessionQuality(this.#agreement, own, this.#rtcp.hearing, this.#rtcp.farEndMetrics);
  }

  onEvent(listener: (event: MediaEvent) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<MediaStats> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<MediaStats> {
    this.playout.close();
    this.injection.close();
    this.#rtcp.close();
    const detached = new Promise<void>((resolve) => {
      this.#onDetached = resolve;
    });
    this.#native.close(this.slot, this.generation);
    await detached;
    const recording = await this.#recording?.closed;
    if (recording) this.#lastStats = { ...this.stats(), recordedSamplesLost: this.#recordedSamplesLost };
    this.#onClosed();
    return this.stats();
  }

  /** For the engine that keeps the session: called once, when nothing more will be told. */
  onClosed(listener: () => void): void {
    this.#onClosed = listener;
  }

  /** Called by the engine, with events of this session only. */
  deliver(event: SessionEvent | RecordingClosed): void {
    if (event.type === 'detached') {
      this.#heardAtClose = this.#heard.written();
      this.#finalFigures = event.stats;
      this.#lastStats = this.#stats(event.stats);
      this.#onDetached();
    } else if (event.type === 'recordingClosed') {
      this.#recordedSamplesLost += event.lostSamples;
      const durationMs = (event.durationSamples * 1000) / AUDIO_RATE_HZ;
      this.#recording?.resolve({ durationMs, lostSamples: event.lostSamples });
      this.#recording = undefined;
    } else if (event.type === 'sound') this.#hearSound(event);
    else {
      if (event.type === 'latched') this.#rtcp.onLatched(event);
      this.#tell(publicEvent(event));
    }
  }

  /** Called by the engine once a second. */
  pollRtcp(): void {
    if (!this.#closing) this.#rtcp.poll();
  }

  #hearSound({ atMs, lowHz, highHz, startMs, endMs }: Extract<SessionEvent, { type: 'sound' }>): void {
    this.#soundMs = atMs;
    this.#tones ??= new ToneRecognizer(this.#agreement?.toneDetection?.country, (tone) =>
      this.#tell({ type: 'tone', tone, atMs: this.#soundMs }),
    );
    this.#tones.heard({ lowHz, highHz: highHz > 0 ? highHz : undefined, startMs, endMs });
  }

  #tell(event: MediaEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #stats(native: NativeStats): MediaStats {
    return {
      packetsReceived: native.packetsReceived,
      packetsSent: native.packetsSent,
      packetsLost: native.packetsLost,
      packetsLate: native.packetsLate,
      packetsDuplicate: native.packetsDuplicate,
      packetsMalformed: native.packetsMalformed,
      packetsWrongSource: native.packetsWrongSource,
      packetsOverRate: native.packetsOverRate,
      packetsUnauthentic: native.packetsUnauthentic,
      concealedSamples: native.concealedSamples,
      jitterMs: native.jitterUs / 1000,
      sendLatenessMaxMs: native.sendLatenessMaxMs,
      recordedSamplesLost: this.#recordedSamplesLost + native.recordedSamplesLost,
    };
  }
}

/** Only keys that changed: setting one anew begins its count of rollovers anew too, and uses its key stream twice. */
function freshKeys(keys: SrtpKeys | undefined, before: SrtpKeys | undefined): NativeAgreement['srtp'] {
  if (!keys) return undefined;
  const same = before?.suite === keys.suite ? before : undefined;
  return {
    suite: keys.suite,
    ...(same?.sendKey.equals(keys.sendKey) ? {} : { sendKey: keys.sendKey }),
    ...(same?.receiveKey.equals(keys.receiveKey) ? {} : { receiveKey: keys.receiveKey }),
  };
}

function publicEvent(event: Exclude<SessionEvent, { type: 'detached' | 'sound' }>): MediaEvent {
  const { slot: _slot, generation: _generation, ...told } = event;
  return told;
}
