import type { AudioMemory } from '../domain/ports/media.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import { CleanAudio } from './clean-audio.js';
import { HeardRing } from './heard-ring.js';
import type { NoiseSuppressor } from './noise-suppressor.js';
import { levelDbfs, SpeechDetector, WINDOW_SAMPLES } from './speech-detector.js';

/** Silero v5 and v6 at 16 kHz want the last samples of the window before in front of each window. */
export const CONTEXT_SAMPLES = 64;
export const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** The LSTM's hidden and cell state of one call: two layers of this many numbers. */
export const STATE_SIZE = 128;
/** A bigger batch costs as much per window and blocks for longer. */
export const MAX_BATCH = 64;
/** Digital silence and line noise this faint need no network. */
const SKIP_BELOW_DBFS = -70;
const WINDOW_MS = 32;
/** A line silent for longer than any jitter: from here on silence is assumed, window by window, so that speech always ends. */
const NO_PACKETS_MS = 60;
/** Behind by more than this and unable to catch up, old audio is dropped: a late verdict on it is worth nothing. */
const MAX_LAG_SAMPLES = 3_200;
const CATCH_UP_MS = 250;
/** What was found out is told at least this often, however much there is to catch up on. */
const TICK_LIMIT_MS = 20;

/** One batched run: `inputs` is [batch, INPUT_SAMPLES], `states` [2, batch, STATE_SIZE]. */
export type Model = (
  inputs: Float32Array,
  states: Float32Array,
  batch: number,
) => Promise<{ probabilities: Float32Array; states: Float32Array }>;

export type SessionEvent = { id: number; event: VoiceEvent };

type Session = {
  id: number;
  ring: HeardRing;
  /** Present: `ring` is what it writes. */
  clean: CleanAudio | undefined;
  detector: SpeechDetector;
  /** [2, STATE_SIZE], kept for the session's whole life: forgetting it delays the next onset by 100 ms. */
  state: Float32Array;
  lastAudioMs: number;
  /** The window under way with its context, and its level. */
  samples: Int16Array;
  levelDbfs: number;
  closed: boolean;
};

export type BatchCounters = {
  windows: number;
  runs: number;
  droppedWindows: number;
  /** Audio whose noise was left in, as there was no time to take it out. */
  noisySamples: number;
  lagMs: number;
};

/** Voice activity of all calls, one batched network run per window. Knows no thread and no timer: whoever owns it calls `tick`. */
export class BatchDetector {
  readonly counters: BatchCounters = { windows: 0, runs: 0, droppedWindows: 0, noisySamples: 0, lagMs: 0 };
  readonly #memory: AudioMemory;
  readonly #model: Model;
  readonly #sessions = new Map<number, Session>();
  /** Where the next round begins, so that under load nobody is always last. */
  #turn = 0;
  #behind = false;
  #behindSinceMs: number | undefined;

  constructor(memory: AudioMemory, model: Model) {
    this.#memory = memory;
    this.#model = model;
  }

  get watched(): number {
    return this.#sessions.size;
  }

  /** The last tick had to leave windows that were ready: the next should follow at once. */
  get behind(): boolean {
    return this.#behind;
  }

  /** With a suppressor, speech is looked for in what that leaves; it is closed with the watch. */
  watch(id: number, slot: number, generation: number, nowMs: number, suppressor?: NoiseSuppressor): void {
    const clean = suppressor && new CleanAudio(this.#memory, slot, generation, suppressor, nowMs);
    this.#sessions.set(id, {
      id,
      clean,
      ring: new HeardRing(this.#memory, slot, generation, clean ? 'clean' : 'heard'),
      detector: new SpeechDetector(),
      state: new Float32Array(2 * STATE_SIZE),
      lastAudioMs: nowMs,
      samples: new Int16Array(INPUT_SAMPLES),
      levelDbfs: 0,
      closed: false,
    });
  }

  unwatch(id: number): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    session.closed = true;
    session.clean?.close();
    this.#sessions.delete(id);
  }

  /**
   * Takes every window that is ready. `stopping` is asked before each run; `now` is monotonic milliseconds.
   *
   * Windows that become ready meanwhile are the next tick's: with many calls there is always one, and no verdict would ever be told.
   */
  async tick(now: () => number, stopping: () => boolean): Promise<SessionEvent[]> {
    const events: SessionEvent[] = [];
    const startMs = now();
    this.#forgetDead();
    this.counters.lagMs = this.#lagMs();
    this.#behindSinceMs ??= startMs;
    do {
      if (now() - this.#behindSinceMs > CATCH_UP_MS) this.#dropOld();
      const ready = this.#readyWindows(now(), events);
      for (let i = 0; i < ready.length && !stopping(); i += MAX_BATCH)
        await this.#run(ready.slice(i, i + MAX_BATCH), now, events);
    } while (this.#behind && !stopping() && now() - startMs < TICK_LIMIT_MS);
    if (!this.#behind) this.#behindSinceMs = undefined;
    for (const session of this.#sessions.values()) this.#assumeSilence(session, now(), events);
    return events;
  }

  #forgetDead(): void {
    for (const session of this.#sessions.values()) if (!session.ring.alive) this.unwatch(session.id);
  }

  #lagMs(): number {
    let most = 0;
    for (const { ring, clean } of this.#sessions.values()) {
      most = Math.max(most, ring.available() + (clean?.behind ?? 0) - WINDOW_SAMPLES);
    }
    return most / 16;
  }

  #dropOld(): void {
    for (const { ring } of this.#sessions.values()) {
      const behind = ring.available();
      if (behind <= MAX_LAG_SAMPLES + WINDOW_SAMPLES) continue;
      const windows = Math.floor(behind / WINDOW_SAMPLES) - 1;
      ring.skip(windows * WINDOW_SAMPLES);
      this.counters.droppedWindows += windows;
    }
  }

  /** At most one window of each session, read into its `samples`. Windows too faint for the network are settled on the way. */
  #readyWindows(nowMs: number, events: SessionEvent[]): Session[] {
    const sessions = [...this.#sessions.values()];
    const ready: Session[] = [];
    this.#behind = false;
    for (let i = 0; i < sessions.length; i += 1) {
      const session = sessions[(i + this.#turn) % sessions.length];
      if (!session || !this.#nextWindow(session, nowMs, events)) continue;
      ready.push(session);
      this.#behind ||= session.ring.available() >= WINDOW_SAMPLES;
    }
    this.#turn += 1;
    return ready;
  }

  #nextWindow(session: Session, nowMs: number, events: SessionEvent[]): boolean {
    const { ring } = session;
    this.counters.noisySamples += session.clean?.advance(nowMs) ?? 0;
    while (ring.available() >= WINDOW_SAMPLES) {
      session.lastAudioMs = nowMs;
      if (!ring.read(session.samples, CONTEXT_SAMPLES)) {
        const lost = Math.floor(ring.available() / WINDOW_SAMPLES) - 1;
        ring.skip(lost * WINDOW_SAMPLES);
        this.counters.droppedWindows += lost;
        continue;
      }
      this.counters.windows += 1;
      session.levelDbfs = levelDbfs(session.samples.subarray(CONTEXT_SAMPLES));
      if (session.levelDbfs >= SKIP_BELOW_DBFS) return true;
      this.#decide(session, 0, session.levelDbfs, nowMs, events);
    }
    return false;
  }

  async #run(batch: Session[], now: () => number, events: SessionEvent[]): Promise<void> {
    const size = batch.length;
    const inputs = new Float32Array(size * INPUT_SAMPLES);
    const states = new Float32Array(2 * size * STATE_SIZE);
    for (const [row, { samples, state }] of batch.entries()) {
      for (let i = 0; i < INPUT_SAMPLES; i += 1) inputs[row * INPUT_SAMPLES + i] = (samples[i] ?? 0) / 32_768;
      states.set(state.subarray(0, STATE_SIZE), row * STATE_SIZE);
      states.set(state.subarray(STATE_SIZE), (size + row) * STATE_SIZE);
    }
    const result = await this.#model(inputs, states, size);
    this.counters.runs += 1;
    for (const [row, session] of batch.entries()) {
      if (session.closed) continue;
      session.state.set(result.states.subarray(row * STATE_SIZE, (row + 1) * STATE_SIZE), 0);
      session.state.set(result.states.subarray((size + row) * STATE_SIZE, (size + row + 1) * STATE_SIZE), STATE_SIZE);
      this.#decide(session, result.probabilities[row] ?? 0, session.levelDbfs, now(), events);
    }
  }

  #assumeSilence(session: Session, nowMs: number, events: SessionEvent[]): void {
    while (session.detector.active && nowMs - session.lastAudioMs > NO_PACKETS_MS) {
      session.lastAudioMs += WINDOW_MS;
      this.#decide(session, 0, Number.NEGATIVE_INFINITY, nowMs, events);
    }
  }

  #decide(session: Session, probability: number, level: number, atMs: number, events: SessionEvent[]): void {
    for (const detection of session.detector.push(probability, level, session.ring.position)) {
      events.push({ id: session.id, event: { ...detection, atMs } });
    }
  }
}
