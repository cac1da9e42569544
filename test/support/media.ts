import type { Test } from 'tap';
import { systemClock } from '../../src/core/clock.js';
import { silentLogger } from '../../src/core/log.js';
import type { MediaEvent, MediaSession } from '../../src/domain/ports/media.js';
import { type MediaEngineOptions, type NativeMediaEngine, startMediaEngine } from '../../src/media/native-engine.js';

/** An engine on loopback that is closed with the test. Ports lie below the ephemeral range; a taken one is passed over. */
export function openTestEngine(t: Pick<Test, 'teardown'>, changes: Partial<MediaEngineOptions> = {}): NativeMediaEngine {
  const engine = startMediaEngine({
    bind: '127.0.0.1',
    rtpPorts: { min: 20_000, max: 29_999 },
    capacity: 16,
    log: silentLogger,
    ...changes,
  });
  t.teardown(() => engine.close());
  return engine;
}

/** Collects the events of a session and lets a test wait for one. */
export class EventLog {
  readonly events: MediaEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(session: MediaSession) {
    session.onEvent((event) => {
      this.events.push(event);
      for (const look of this.#waiting) look();
    });
  }

  of<T extends MediaEvent['type']>(type: T): Extract<MediaEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<MediaEvent, { type: T }> => event.type === type);
  }

  /** The `count`-th event of this type, waiting for it if need be. */
  async next<T extends MediaEvent['type']>(type: T, count = 1, limitMs = 20_000): Promise<Extract<MediaEvent, { type: T }>> {
    await until(() => this.of(type).length >= count, `${count} ${type} event(s)`, limitMs, this.#waiting);
    const event = this.of(type)[count - 1];
    if (!event) throw new Error(`no ${type} event`);
    return event;
  }
}

/** Looks at `condition` every few milliseconds, and whenever one of `signals` is called, until it holds. */
export async function until(
  condition: () => boolean,
  what: string,
  limitMs = 20_000,
  signals: Set<() => void> = new Set(),
): Promise<void> {
  const endMs = systemClock.monotonicMs() + limitMs;
  while (!condition()) {
    if (systemClock.monotonicMs() > endMs) throw new Error(`gave up waiting: ${what}`);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        signals.delete(wake);
        resolve();
      };
      const cancel = systemClock.schedule(5, wake);
      signals.add(wake);
    });
  }
}
