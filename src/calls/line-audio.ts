import type { Cancel, Clock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { LineListener, LineSide, OverheardLine } from '../domain/ports/call-control.js';
import { AUDIO_RATE_HZ, type LineMonitor, type MediaSession } from '../domain/ports/media.js';
import type { OperatorEar } from './operator-ear.js';

export type LineAudioDeps = {
  clock: Clock;
  session: MediaSession;
  /** Of whoever the far end is handed over to, while there is a line to them. */
  target: () => MediaSession | undefined;
  /** Understands what is said to the far end; nobody does when absent. */
  ear?: OperatorEar | undefined;
  /** What is played to the far end is what an operator says. */
  playsOperator?: (() => boolean) | undefined;
};

const POLL_MS = 40;
const MOST_LISTENERS = 8;
/** Files one behind the other. */
const MOST_WAITING_MS = 5 * 60_000;
/** Of somebody who talks: what comes later than that is not the present any more. */
const MOST_DELAY_MS = 500;
/** Rides out the jitter of the way here. */
const HEAD_START = new Int16Array((AUDIO_RATE_HZ * 60) / 1000);

const waitingMs = ({ injection }: MediaSession): number => (injection.waiting() * 1000) / AUDIO_RATE_HZ;
const conflict = (publicMessage: string): AppError => new AppError('conflict', publicMessage, { publicMessage });

/** Who is on an answered call from outside: those who overhear it, what they say, and audio that is played over it. */
export class LineAudio implements OverheardLine {
  readonly #deps: LineAudioDeps;
  readonly #listeners = new Set<LineListener>();
  #monitor: LineMonitor | undefined;
  #cancelPoll: Cancel = () => {};
  #closed = false;
  #hushed = false;

  constructor(deps: LineAudioDeps) {
    this.#deps = deps;
  }

  listen(listener: LineListener): () => void {
    if (this.#closed) {
      listener.ended();
      return () => {};
    }
    if (this.#listeners.size === MOST_LISTENERS) throw conflict(`No more than ${MOST_LISTENERS} may listen to a call`);
    this.#listeners.add(listener);
    if (!this.#monitor) {
      this.#monitor = this.#deps.session.monitor();
      this.#poll();
    }
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#stop();
    };
  }

  speak(pcm: Int16Array, rateHz: number, to: LineSide): boolean {
    const sessions = this.#sessions(to);
    let taken = sessions.length > 0;
    for (const session of sessions) {
      if (waitingMs(session) > MOST_DELAY_MS) {
        taken = false;
        continue;
      }
      if (session.injection.waiting() === 0) session.injection.write(HEAD_START, AUDIO_RATE_HZ);
      session.injection.write(pcm, rateHz);
    }
    if (taken && to !== 'target') this.#deps.ear?.hear(pcm, rateHz);
    return taken;
  }

  /**
   * Plays audio over whatever else that side hears, behind what is being played so already.
   *
   * @throws AppError `conflict` where nobody is on that side, or five minutes wait.
   */
  play(pcm: Int16Array, rateHz: number, to: LineSide): { beginsInMs: number } {
    const sessions = this.#sessions(to);
    if (sessions.length === 0) throw conflict('The call is not handed over to anybody');
    const beginsInMs = Math.max(...sessions.map(waitingMs));
    if (beginsInMs > MOST_WAITING_MS) throw conflict('Too much audio waits already');
    for (const { injection } of sessions) injection.write(pcm, rateHz);
    if (to !== 'target' && this.#deps.playsOperator?.()) this.#deps.ear?.hearFile(pcm, rateHz, beginsInMs);
    return { beginsInMs: Math.round(beginsInMs) };
  }

  /** Whoever listens hears silence, and what is said is not taken down. */
  hush(hushed: boolean): void {
    this.#hushed = hushed;
    this.#deps.ear?.hush(hushed);
  }

  /** The call is over. */
  close(): void {
    this.#closed = true;
    this.#deps.ear?.close();
    this.#stop();
    for (const listener of this.#listeners) listener.ended();
    this.#listeners.clear();
  }

  #sessions(to: LineSide): MediaSession[] {
    if (this.#closed) return [];
    const target = this.#deps.target();
    return [...(to === 'target' ? [] : [this.#deps.session]), ...(to === 'far_end' || !target ? [] : [target])];
  }

  #poll(): void {
    const pairs = this.#monitor?.read();
    if (this.#hushed) pairs?.fill(0);
    if (pairs && pairs.length > 0) for (const listener of this.#listeners) listener.audio(pairs);
    this.#cancelPoll = this.#deps.clock.schedule(POLL_MS, () => this.#poll());
  }

  #stop(): void {
    this.#cancelPoll();
    this.#monitor?.close();
    this.#monitor = undefined;
  }
}
