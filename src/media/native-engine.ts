import { randomBytes } from 'node:crypto';
import { type Cancel, type Clock, systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { Logger } from '../core/log.js';
import {
  type AudioMemory,
  DEFAULT_OPUS_COMPLEXITY,
  type EchoCancellation,
  type MediaEngine,
  type MediaSession,
  type Sound,
} from '../domain/ports/media.js';
import { allocateAudioMemory } from './audio-memory.js';
import { loadNativeAddon, type NativeEngine, type NativeEvent, type NativeFigures } from './native-addon.js';
import { NativeSession, type SessionDefaults } from './native-session.js';

/** Reports go out every few seconds; what has come in is looked at this often. */
const RTCP_POLL_MS = 1_000;

export type MediaEngineOptions = {
  /** IP address the RTP sockets are bound to. */
  bind: string;
  rtpPorts: { min: number; max: number };
  /** Sessions at a time. */
  capacity: number;
  /** `auto` when absent. */
  echoCancellation?: EchoCancellation | undefined;
  /** `DEFAULT_OPUS_COMPLEXITY` when absent. */
  opusComplexity?: number | undefined;
  log: Logger;
  clock?: Clock;
};

/** Starts the media thread. `scheduling` says what the system granted it: only `fifo` keeps its pace when all cores are busy. */
export function startMediaEngine(options: MediaEngineOptions): NativeMediaEngine {
  return new NativeMediaEngine(options);
}

export class NativeMediaEngine implements MediaEngine {
  readonly audioMemory: AudioMemory;
  readonly scheduling: 'fifo' | 'nice' | 'other';
  readonly #native: NativeEngine;
  readonly #capacity: number;
  readonly #defaults: SessionDefaults;
  readonly #log: Logger;
  /** By generation. A session whose file is still being completed stays until that is told. */
  readonly #sessions = new Map<number, NativeSession>();
  readonly #clock: Clock;
  readonly #soundOf: (pcm: Int16Array, rateHz: number) => Sound;
  #cancelRtcp: Cancel;
  #closing: Promise<void> | undefined;

  constructor(options: MediaEngineOptions) {
    const { Engine, Sound: NativeSound } = loadNativeAddon();
    this.#soundOf = (pcm, rateHz) => new NativeSound(pcm, rateHz);
    this.#capacity = Math.min(options.capacity, Math.floor((options.rtpPorts.max - options.rtpPorts.min + 1) / 2));
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    const { echoCancellation = 'auto', opusComplexity = DEFAULT_OPUS_COMPLEXITY } = options;
    this.#defaults = { clock: this.#clock, cname: randomBytes(12).toString('base64url'), echoCancellation, opusComplexity };
    this.audioMemory = allocateAudioMemory(options.capacity);
    const { slotBytes, headerBytes, ringSamples, buffer } = this.audioMemory;
    this.#native = new Engine(
      {
        bind: options.bind,
        portMin: options.rtpPorts.min,
        portMax: options.rtpPorts.max,
        capacity: options.capacity,
        memory: new Uint8Array(buffer),
        slotBytes,
        headerBytes,
        ringSamples,
      },
      (events) => this.#deliver(events),
    );
    this.#cancelRtcp = this.#clock.schedule(RTCP_POLL_MS, () => this.#pollRtcp());
    this.scheduling = this.#native.figures().scheduling;
    const fields = { scheduling: this.scheduling, capacity: options.capacity, rtpPorts: options.rtpPorts };
    if (this.scheduling === 'fifo') this.#log.info(fields, 'media engine started');
    else this.#log.warn(fields, 'media engine started without real-time scheduling: a busy machine will be heard');
  }

  open(): MediaSession {
    const opened = this.#closing ? null : this.#native.open();
    if (!opened) throw new AppError('media_ports_exhausted', 'no free slot or RTP port pair');
    const session = new NativeSession(this.#native, this.audioMemory, opened, this.#defaults);
    this.#sessions.set(opened.generation, session);
    session.onClosed(() => this.#sessions.delete(opened.generation));
    return session;
  }

  prepareSound(pcm: Int16Array, rateHz: number): Sound {
    return this.#soundOf(pcm, rateHz);
  }

  usage(): { open: number; capacity: number } {
    return { open: this.#sessions.size, capacity: this.#capacity };
  }

  /** The media thread's own figures, cumulative: for metrics and tests. */
  figures(): NativeFigures {
    return this.#native.figures();
  }

  close(): Promise<void> {
    this.#cancelRtcp();
    this.#closing ??= Promise.all([...this.#sessions.values()].map((session) => session.close())).then(() => {
      this.#native.shutdown();
    });
    return this.#closing;
  }

  #pollRtcp(): void {
    for (const session of this.#sessions.values()) session.pollRtcp();
    this.#cancelRtcp = this.#clock.schedule(RTCP_POLL_MS, () => this.#pollRtcp());
  }

  #deliver(events: NativeEvent[]): void {
    for (const event of events) {
      try {
        this.#sessions.get(event.generation)?.deliver(event);
      } catch (err) {
        this.#log.error({ err, eventType: event.type }, 'listener of media events failed');
      }
    }
  }
}
