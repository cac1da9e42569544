import type { AudioAgreement, AudioMemory, MediaEvent, MediaSession, MediaStats, Playout } from '../domain/ports/media.js';
import { SlotReader } from './audio-memory.js';
import type { NativeEngine, NativeEvent, NativeStats } from './native-addon.js';
import { NativePlayout } from './native-playout.js';

export class NativeSession implements MediaSession {
  readonly slot: number;
  readonly generation: number;
  readonly local: { rtpPort: number; rtcpPort: number };
  readonly playout: Playout;
  readonly #native: NativeEngine;
  readonly #heard: SlotReader;
  readonly #listeners: ((event: MediaEvent) => void)[] = [];
  #agreement: AudioAgreement | undefined;
  #closing: Promise<MediaStats> | undefined;
  #resolveClosed: (stats: MediaStats) => void = () => {};

  constructor(native: NativeEngine, memory: AudioMemory, opened: { slot: number; generation: number; rtpPort: number }) {
    this.#native = native;
    this.slot = opened.slot;
    this.generation = opened.generation;
    this.local = { rtpPort: opened.rtpPort, rtcpPort: opened.rtpPort + 1 };
    this.playout = new NativePlayout(native, opened.slot, opened.generation);
    this.#heard = new SlotReader(memory, opened.slot);
  }

  configure(agreement: AudioAgreement): void {
    const before = this.#agreement;
    const freshCodec = before?.codec !== agreement.codec || before.clockRateHz !== agreement.clockRateHz;
    this.#native.configure(this.slot, this.generation, { ...agreement, freshCodec });
    this.#agreement = agreement;
  }

  setSource(source: { type: 'queue' } | { type: 'echo' } | { type: 'tone'; hz: number }): void {
    this.#native.setSource(this.slot, this.generation, source.type, source.type === 'tone' ? source.hz : 0);
  }

  sendDigits(_digits: string, _options?: { durationMs?: number; gapMs?: number }): void {}

  heard(): number {
    return this.#heard.written();
  }

  readHeard(from: number, to: number): Int16Array {
    return this.#heard.read(from, to);
  }

  arrivalMs(sample: number): number | undefined {
    return sample < this.heard() ? this.#native.arrivalMs(this.slot, this.generation, sample) : undefined;
  }

  lastFullLevelSentMs(): number | undefined {
    return this.#native.lastFullLevelSentMs(this.slot, this.generation);
  }

  startRecording(_path: string): void {}

  async stopRecording(): Promise<{ durationMs: number; lostSamples: number }> {
    return { durationMs: 0, lostSamples: 0 };
  }

  stats(): MediaStats {
    return this.#stats(this.#native.stats(this.slot, this.generation));
  }

  onEvent(listener: (event: MediaEvent) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<MediaStats> {
    this.#closing ??= new Promise((resolve) => {
      this.#resolveClosed = resolve;
      this.#native.close(this.slot, this.generation);
    });
    return this.#closing;
  }

  /** Called by the engine, with events of this session only. */
  deliver(event: NativeEvent): void {
    if (event.type === 'detached') {
      this.#resolveClosed(this.#stats(event.stats));
      return;
    }
    const { slot: _slot, generation: _generation, ...told } = event;
    for (const listener of this.#listeners) listener(told);
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
      concealedSamples: native.concealedSamples,
      jitterMs: (native.jitterTicks * 1000) / (this.#agreement?.clockRateHz ?? 8000),
      sendLatenessMaxMs: native.sendLatenessMaxMs,
      recordedSamplesLost: 0,
    };
  }
}
