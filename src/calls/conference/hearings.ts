import { hearsParticipant, type ParticipantMode } from '../../domain/participant.js';
import type { Hearing, MediaSession } from '../../domain/ports/media.js';

type Line = Pick<MediaSession, 'slot' | 'generation' | 'hear' | 'unhear'>;
export type Heard = { listener: Line; talker: Line; what: Hearing };

/** Who is on the line of a call now. */
export type Present = {
  farEnd: Line;
  /** Whoever the far end was handed over to, and talks to through us. */
  target: Line | undefined;
  joined: readonly { line: Line; mode: ParticipantMode }[];
  /** What the two say now is nobody's to overhear. */
  hushed: boolean;
};

/** Who hears whom beside what the far end, the agent and the target hear of each other anyway. */
export function heardIn({ farEnd, target, joined, hushed }: Present): Heard[] {
  const heard: Heard[] = [];
  const hears = (listener: Line, talker: Line, what: Hearing = 'said'): void => void heard.push({ listener, talker, what });
  for (const { line, mode } of joined) {
    if (!hushed) {
      hears(line, farEnd);
      hears(line, farEnd, 'told');
      if (target) hears(line, target);
    }
    if (mode === 'talk') hears(farEnd, line);
    if (target && mode !== 'listen') hears(target, line);
    for (const other of joined) if (other.line !== line && hearsParticipant(mode, other.mode)) hears(line, other.line);
  }
  return heard;
}

const keyOf = ({ listener, talker, what }: Heard): string =>
  `${listener.slot}.${listener.generation} ${talker.slot}.${talker.generation} ${what}`;

/** Keeps sessions hearing one another as is wanted at last. */
export class Hearings {
  #now = new Map<string, Heard>();

  set(wanted: readonly Heard[]): void {
    const next = new Map(wanted.map((heard) => [keyOf(heard), heard]));
    for (const [key, { listener, talker, what }] of this.#now) if (!next.has(key)) listener.unhear(talker, what);
    for (const [key, { listener, talker, what }] of next) if (!this.#now.has(key)) listener.hear(talker, what);
    this.#now = next;
  }
}
