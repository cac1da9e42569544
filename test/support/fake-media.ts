import type { Clock } from '../../src/core/clock.js';
import {
  AUDIO_RATE_HZ,
  type LineMonitor,
  type MediaEvent,
  type MediaFlow,
  type MediaSession,
  type MediaStats,
  type Playout,
} from '../../src/domain/ports/media.js';

const PACKET_MS = 20;
const PACKET_SAMPLES = (AUDIO_RATE_HZ / 1_000) * PACKET_MS;

export type PlayoutAction = { atMs: number; action: 'pause' | 'resume' | 'flush' | 'gain'; value: number };

/** A playout queue that sends one packet at every multiple of 20 ms of its clock, and tells what was done to it. */
export class FakePlayout implements Playout {
  readonly actions: PlayoutAction[] = [];
  readonly #clock: Clock;
  readonly #emit: (event: MediaEvent) => void;
  #sent = 0;
  #end = 0;
  #paused = false;
  #gainDb = 0;
  #ticking = false;
  #nextMark = 1;
  #marks: { id: number; position: number }[] = [];
  lastFullLevelMs: number | undefined;

  constructor(clock: Clock, emit: (event: MediaEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get gainDb(): number {
    return this.#gainDb;
  }

  write(pcm: Int16Array, rateHz: number): number {
    this.#end += Math.round((pcm.length * AUDIO_RATE_HZ) / rateHz);
    this.#tick();
    return this.#end;
  }

  mark(): number {
    const id = this.#nextMark++;
    this.#marks.push({ id, position: this.#end });
    return id;
  }

  position(): number {
    return this.#sent;
  }

  queued(): number {
    return this.#end - this.#sent;
  }

  setGain(db: number): void {
    this.#gainDb = db;
    this.#act('gain', db);
  }

  pause(): number {
    this.#paused = true;
    this.#act('pause', this.#sent);
    return this.#sent;
  }

  resume(): void {
    this.#paused = false;
    this.#act('resume', this.#sent);
    this.#tick();
  }

  flush(): number {
    this.#end = this.#sent;
    this.#marks = [];
    this.#act('flush', this.#sent);
    return this.#sent;
  }

  #act(action: PlayoutAction['action'], value: number): void {
    this.actions.push({ atMs: this.#clock.monotonicMs(), action, value });
  }

  #tick(): void {
    if (this.#ticking || this.#paused || this.queued() === 0) return;
    this.#ticking = true;
    this.#clock.schedule(PACKET_MS - (this.#clock.monotonicMs() % PACKET_MS), () => {
      this.#ticking = false;
      if (!this.#paused && this.queued() > 0) this.#send();
      this.#tick();
    });
  }

  #send(): void {
    const atMs = this.#clock.monotonicMs();
    this.#sent = Math.min(this.#end, this.#sent + PACKET_SAMPLES);
    if (this.#gainDb === 0) this.lastFullLevelMs = atMs;
    const passed = this.#marks.filter((mark) => mark.position < this.#sent);
    this.#marks = this.#marks.filter((mark) => mark.position >= this.#sent);
    for (const { id } of passed) this.#emit({ type: 'mark', id, atMs });
    if (this.queued() === 0) this.#emit({ type: 'drained', atMs });
  }
}

/** A media session on a line that delivers a packet every 20 ms from the start; what is heard is silence, counted exactly. */
export class FakeMediaSession implements MediaSession {
  readonly slot = 0;
  readonly generation = 1;
  readonly local = { rtpPort: 20_000, rtcpPort: 20_001 };
  readonly playout: FakePlayout;
  readonly injection = { write: () => {}, waiting: () => 0 };
  readonly #clock: Clock;
  readonly #openedMs: number;
  readonly #listeners: ((event: MediaEvent) => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#openedMs = clock.monotonicMs();
    this.playout = new FakePlayout(clock, (event) => this.emit(event));
  }

  emit(event: MediaEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  readonly suppressesNoise = false;
  suppressNoise(): void {}
  configure(): void {}
  setSource(): void {}
  bridge(): void {}
  hear(): void {}
  unhear(): void {}
  setBackground(): void {}

  monitor(): LineMonitor {
    return { read: () => new Int16Array(), close: () => {} };
  }

  sendDigits(): void {}
  startRecording(): void {}
  pauseRecording(): void {}
  resumeRecording(): void {}

  heard(): number {
    return Math.floor((this.#clock.monotonicMs() - this.#openedMs) / PACKET_MS) * PACKET_SAMPLES;
  }

  readHeard(from: number, to: number): Int16Array {
    return new Int16Array(Math.max(0, to - from));
  }

  arrivalMs(sample: number): number | undefined {
    if (sample >= this.heard()) return undefined;
    return this.#openedMs + (Math.floor(sample / PACKET_SAMPLES) + 1) * PACKET_MS;
  }

  lastFullLevelSentMs(): number | undefined {
    return this.playout.lastFullLevelMs;
  }

  async stopRecording(): Promise<{ durationMs: number; lostSamples: number }> {
    return { durationMs: 0, lostSamples: 0 };
  }

  stats(): MediaStats {
    return {
      packetsReceived: 0,
      packetsSent: 0,
      packetsLost: 0,
      packetsLate: 0,
      packetsDuplicate: 0,
      packetsMalformed: 0,
      packetsWrongSource: 0,
      packetsOverRate: 0,
      packetsUnauthentic: 0,
      concealedSamples: 0,
      jitterMs: 0,
      sendLatenessMaxMs: 0,
      recordedSamplesLost: 0,
    };
  }

  quality(): undefined {}

  flow(): MediaFlow {
    return { packetsReceived: this.heard() / PACKET_SAMPLES, reportsReceived: 0, reportsHearingNothing: 0, reportsUnheard: 0 };
  }

  onEvent(listener: (event: MediaEvent) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<MediaStats> {
    return this.stats();
  }
}
