import type { Clock } from '../core/clock.js';
import type { MediaSession } from '../domain/ports/media.js';
import type { VoiceEvent } from '../domain/ports/voice-activity.js';
import type { BargeIn } from './barge-in.js';
import type { CallerFloor } from './caller-floor.js';
import type { FreezableTimers } from './freezable-timers.js';
import type { IdleTimer } from './idle-timer.js';

export type HoldDeps = {
  clock: Clock;
  media: Pick<MediaSession, 'heard'> & { playout: Pick<MediaSession['playout'], 'pause' | 'resume'> };
  timers: FreezableTimers;
  idle: IdleTimer;
  bargeIn: BargeIn;
  floor: Pick<CallerFloor, 'speaking'>;
};

/** The far end does not listen: the agent stands still in mid-sentence, no time passes, and who began or stopped speaking is told afterwards. */
export class Hold {
  readonly #deps: HoldDeps;
  #held = false;
  /** What voice activity said last. */
  #missed: VoiceEvent | undefined;

  constructor(deps: HoldDeps) {
    this.#deps = deps;
  }

  get held(): boolean {
    return this.#held;
  }

  begin(): void {
    if (this.#held) return;
    const { idle, timers, bargeIn, media } = this.#deps;
    this.#held = true;
    this.#missed = undefined;
    idle.stop();
    timers.freeze();
    bargeIn.reset();
    media.playout.pause();
  }

  /** To be told when it is over. */
  miss(event: VoiceEvent): void {
    this.#missed = event;
  }

  /** Returns what is to be told of the caller's voice. */
  end(): VoiceEvent | undefined {
    if (!this.#held) return undefined;
    const { clock, media, timers, floor } = this.#deps;
    this.#held = false;
    media.playout.resume();
    timers.thaw();
    if (this.#missed?.type === 'ended') return this.#missed;
    if (!this.#missed || floor.speaking) return undefined;
    return { type: 'onset', sample: media.heard(), atMs: clock.monotonicMs() };
  }
}
