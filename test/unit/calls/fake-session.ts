import type { AudioAgreement, MediaEvent, MediaFlow, MediaStats } from '../../../src/domain/ports/media.js';

const NO_STATS = { packetsReceived: 0, packetsSent: 0 } as MediaStats;

export class FakeSession {
  readonly local = { rtpPort: 20_000, rtcpPort: 20_001 };
  readonly slot = 0;
  readonly generation = 1;
  readonly configured: AudioAgreement[] = [];
  readonly sources: unknown[] = [];
  readonly digits: string[] = [];
  recording: string | undefined;
  recordingFault: Error | undefined;
  packetsReceived = 10;
  /** No RTP arrives from now on. */
  silent = false;
  /** Of RTCP, which arrives even so. */
  readonly reports = { reportsReceived: 0, reportsHearingNothing: 0, reportsUnheard: 0 };
  /** Samples that were given to the playout queue, and those that lie in it. */
  written = 0;
  queued = 0;
  readonly playout = {
    write: (pcm: Int16Array): number => {
      this.written += pcm.length;
      this.queued += pcm.length;
      return this.written;
    },
    queued: (): number => this.queued,
    flush: (): number => 0,
  };
  /** Of what is heard over everything else: samples, and their rate. */
  readonly injected: { samples: number; rateHz: number }[] = [];
  readonly injection = {
    write: (pcm: Int16Array, rateHz: number): void => void this.injected.push({ samples: pcm.length, rateHz }),
    waiting: (): number => 0,
  };
  closed = 0;
  #passed = 0;
  #listeners: ((event: MediaEvent) => void)[] = [];
  readonly #trace: string[];
  constructor(trace: string[]) {
    this.#trace = trace;
  }
  configure(agreement: AudioAgreement): void {
    this.configured.push(agreement);
  }
  suppressesNoise = false;
  suppressNoise(): void {
    this.suppressesNoise = true;
  }
  sendDigits(digits: string): void {
    this.digits.push(digits);
  }
  background: unknown;
  setBackground(background: unknown): void {
    this.background = background;
  }
  setSource(source: unknown): void {
    this.sources.push(source);
  }
  startRecording(path: string): void {
    if (this.recordingFault) throw this.recordingFault;
    this.recording = path;
  }
  pauseRecording(): void {
    this.#trace.push('recording paused');
  }
  resumeRecording(): void {
    this.#trace.push('recording resumed');
  }
  stats(): MediaStats {
    return { ...NO_STATS, packetsReceived: this.packetsReceived };
  }
  quality(): undefined {}
  flow(): MediaFlow {
    if (!this.silent) this.#passed += 1;
    return { packetsReceived: this.#passed, ...this.reports };
  }
  onEvent(listener: (event: MediaEvent) => void): void {
    this.#listeners.push(listener);
  }
  emit(event: MediaEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
  close(): Promise<MediaStats> {
    this.closed += 1;
    this.#trace.push('media');
    return Promise.resolve(this.stats());
  }
}
