import type { Clock } from '../core/clock.js';

/** Nobody writes faster for long; two machines that answer each other do. */
const MOST = 30;
const MOST_ALIKE = 3;
const WINDOW_MS = 600_000;
const MAX_CONTACTS = 10_000;

type Written = { atMs: number; text: string };

/** Notices other machines by how much, and how alike, they write. Of this process alone. */
export class AutoReplyLimit {
  readonly #clock: Clock;
  /** The one that wrote last stands last. */
  readonly #contacts = new Map<string, Written[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** False: this one is not to be answered. */
  admits(contact: string, text: string): boolean {
    const atMs = this.#clock.monotonicMs();
    const recent = (this.#contacts.get(contact) ?? []).filter((before) => atMs - before.atMs < WINDOW_MS).slice(-MOST);
    const alike = recent.filter((before) => before.text === text).length;
    const admitted = recent.length < MOST && alike < MOST_ALIKE;
    this.#contacts.delete(contact);
    this.#contacts.set(contact, [...recent, { atMs, text }]);
    const [oldest] = this.#contacts.keys();
    if (this.#contacts.size > MAX_CONTACTS && oldest !== undefined) this.#contacts.delete(oldest);
    return admitted;
  }
}
