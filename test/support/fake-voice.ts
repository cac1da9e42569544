import type { Clock } from '../../src/core/clock.js';
import { AUDIO_RATE_HZ } from '../../src/domain/ports/media.js';
import type { VoiceActivity, VoiceEvent } from '../../src/domain/ports/voice-activity.js';

/** Voice activity as told by the test. Samples are counted from the clock's zero, where the media session must have been opened. */
export class FakeVoice implements VoiceActivity {
  readonly #clock: Clock;
  #listener: ((event: VoiceEvent) => void) | undefined;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Somebody watches. */
  get watched(): boolean {
    return this.#listener !== undefined && !this.#closed;
  }

  watch(_session: { slot: number; generation: number }, listener: (event: VoiceEvent) => void): { close(): void } {
    this.#listener = listener;
    return {
      close: () => {
        this.#closed = true;
      },
    };
  }

  /** Now; the speech it tells of began or ended `agoMs` before. */
  tell(type: VoiceEvent['type'], agoMs: number): void {
    const atMs = this.#clock.monotonicMs();
    this.#listener?.({ type, sample: Math.round(((atMs - agoMs) * AUDIO_RATE_HZ) / 1_000), atMs });
  }

  async close(): Promise<void> {}
}
