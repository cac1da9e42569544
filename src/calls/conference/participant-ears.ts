import type { Cancel, Clock } from '../../core/clock.js';
import type { ParticipantId } from '../../core/ids.js';
import { AUDIO_RATE_HZ, type MediaSession } from '../../domain/ports/media.js';
import type { OperatorEar } from '../operator-ear.js';

type Line = Pick<MediaSession, 'heard' | 'readHeard'>;
type Ear = Pick<OperatorEar, 'hear' | 'hush' | 'close'>;
type Listening = { ear: Ear; line: Line; from: number };

export type ParticipantEarsDeps = {
  clock: Clock;
  /** Undefined where nobody takes anything down. */
  openEar: () => Ear | undefined;
};

const POLL_MS = 100;

/** Has what participants say to the far end taken down. */
export class ParticipantEars {
  readonly #deps: ParticipantEarsDeps;
  readonly #ears = new Map<ParticipantId, Ear>();
  #listening = new Map<ParticipantId, Listening>();
  #cancelPoll: Cancel | undefined;

  constructor(deps: ParticipantEarsDeps) {
    this.#deps = deps;
  }

  /** These are listened to from now on, and nobody else. `hushed`: what they are saying is nobody's to keep. */
  set(talkers: ReadonlyMap<ParticipantId, Line>, hushed: boolean): void {
    this.#read();
    for (const ear of this.#ears.values()) ear.hush(hushed);
    const before = this.#listening;
    this.#listening = new Map();
    if (hushed) return;
    for (const [id, line] of talkers) {
      const ear = this.#ears.get(id) ?? this.#deps.openEar();
      if (!ear) continue;
      this.#ears.set(id, ear);
      this.#listening.set(id, before.get(id) ?? { ear, line, from: line.heard() });
    }
    if (this.#listening.size > 0 && !this.#cancelPoll) this.#poll();
  }

  /** The call is over. */
  close(): void {
    this.#cancelPoll?.();
    this.#listening.clear();
    for (const ear of this.#ears.values()) ear.close();
  }

  #poll(): void {
    this.#read();
    this.#cancelPoll = this.#listening.size === 0 ? undefined : this.#deps.clock.schedule(POLL_MS, () => this.#poll());
  }

  #read(): void {
    for (const listening of this.#listening.values()) {
      const { ear, line, from } = listening;
      const to = line.heard();
      if (to > from) ear.hear(line.readHeard(from, to), AUDIO_RATE_HZ);
      listening.from = to;
    }
  }
}
