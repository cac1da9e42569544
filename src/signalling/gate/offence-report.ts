import { sourceOf } from '../../core/source-list.js';

/** What the server itself sees of those who mean no call. */
export type OffenceSighting = { address: string; kind: 'malformed' | 'scanner' | 'unknown_source'; count: number };

/** Forged addresses are for free: of more than so many between two reports nobody hears. */
const MAX_ENTRIES = 1000;

/** Counts, so that a flood is a number and not a flood of messages to the main thread. */
export class OffenceReport {
  #seen = new Map<string, OffenceSighting>();

  note(address: string, kind: OffenceSighting['kind']): void {
    const source = sourceOf(address);
    if (source === undefined) return;
    const key = `${kind} ${source}`;
    const seen = this.#seen.get(key);
    if (seen) seen.count += 1;
    else if (this.#seen.size < MAX_ENTRIES) this.#seen.set(key, { address, kind, count: 1 });
  }

  take(): OffenceSighting[] {
    const all = [...this.#seen.values()];
    if (all.length > 0) this.#seen = new Map();
    return all;
  }
}
