import { sourceOf } from '../core/source-list.js';

/** Forged addresses are for free: of more sources at once than this, the oldest are forgotten. */
const MAX_SOURCES = 10_000;

/** How much each source has done lately. */
export class OffenceCounts {
  readonly #options: { limit: number; windowMs: number };
  readonly #bySource = new Map<string, { count: number; sinceMs: number }>();

  constructor(options: { limit: number; windowMs: number }) {
    this.#options = options;
  }

  /** @returns the source when it has now done too much; its count begins anew then. */
  add(address: string, count: number, nowMs: number): string | undefined {
    const source = sourceOf(address);
    if (source === undefined) return undefined;
    const before = this.#bySource.get(source);
    const current = before && nowMs - before.sinceMs < this.#options.windowMs ? before : { count: 0, sinceMs: nowMs };
    current.count += count;
    this.#bySource.delete(source);
    if (current.count >= this.#options.limit) return source;
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size >= MAX_SOURCES && oldest !== undefined) this.#bySource.delete(oldest);
    this.#bySource.set(source, current);
    return undefined;
  }
}
