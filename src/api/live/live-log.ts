import type { LiveDraft } from './live-message.js';

export type LoggedEvent = {
  serial: number;
  /** Written only for whoever reads it: most calls have no reader. */
  make: () => LiveDraft;
  /** Those of one kind say all that the one before said. */
  replaces?: 'transcript' | 'state' | 'participants' | undefined;
};

/** A reader who is away for longer begins anew. */
const MOST_EVENTS = 500;

/** What has happened on a call, for whoever comes back after a gap. */
export class LiveLog {
  #events: LoggedEvent[] = [];
  /** Up to here something is missing that nothing later replaces. */
  #forgotten = 0;

  add(event: LoggedEvent): void {
    const { replaces } = event;
    if (replaces !== undefined) this.#events = this.#events.filter((earlier) => earlier.replaces !== replaces);
    this.#events.push(event);
    const dropped = this.#events.length > MOST_EVENTS ? this.#events.shift() : undefined;
    if (dropped) this.#forgotten = dropped.serial;
  }

  /** What came after that serial number, in order; undefined when not all of it is known. */
  since(serial: number): readonly LoggedEvent[] | undefined {
    return serial < this.#forgotten ? undefined : this.#events.filter((event) => event.serial > serial);
  }
}
