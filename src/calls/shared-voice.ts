import type { VoiceActivity, VoiceEvent, WatchedSession } from '../domain/ports/voice-activity.js';

type Listener = (event: VoiceEvent) => void;

/** One watch on a call for those who listen to it together or one after the other. */
export class SharedVoice implements VoiceActivity {
  readonly #watch: { close(): void };
  readonly #listeners = new Set<Listener>();
  /** Of speech that goes on. */
  #present: readonly VoiceEvent[] = [];

  constructor(voice: VoiceActivity, session: WatchedSession) {
    this.#watch = voice.watch(session, (event) => {
      this.#present = event.type === 'onset' ? [event] : event.type === 'ended' ? [] : [...this.#present, event];
      for (const listener of this.#listeners) listener(event);
    });
  }

  /** Whoever comes in the middle of speech is told of its beginning, but not before this has returned. */
  watch(_: WatchedSession, listener: Listener): { close(): void } {
    const missed = this.#present;
    const mine: Listener = (event) => listener(event);
    this.#listeners.add(mine);
    queueMicrotask(() => {
      for (const event of missed) if (this.#listeners.has(mine) && this.#present.includes(event)) mine(event);
    });
    return { close: () => void this.#listeners.delete(mine) };
  }

  close(): Promise<void> {
    this.#watch.close();
    this.#listeners.clear();
    return Promise.resolve();
  }
}
