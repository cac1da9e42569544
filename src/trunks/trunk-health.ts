import type { Cancel, Clock } from '../core/clock.js';
import { background, type Logger } from '../core/log.js';

export type TrunkHealthDeps = {
  /** Resolves with the SIP status of the answer. */
  ping: () => Promise<number>;
  intervalMs: number;
  clock: Clock;
  log: Logger;
  random: () => number;
};

/** So many in a row change the verdict: one lost datagram is no failure, one answer no recovery. */
const DOWN_AFTER = 3;
const UP_AFTER = 2;
/** A server that answers later than this would not be worth a call either. */
const PATIENCE_MS = 5_000;
/** What stands for no answer at all, and what a server says of itself that cannot serve; any other answer comes from somebody alive. */
const DEAD: readonly number[] = [408, 503];

/** Whether a trunk's server answers, asked again and again; up until shown otherwise. */
export class TrunkHealth {
  readonly #deps: TrunkHealthDeps;
  #up = true;
  /** Answers in a row that speak against the present verdict. */
  #against = 0;
  #lastStatus: number | undefined;
  #cancel: Cancel = () => {};
  #closed = false;

  constructor(deps: TrunkHealthDeps) {
    this.#deps = deps;
  }

  get up(): boolean {
    return this.#up;
  }

  /** Of the last answer, or what stands for none. */
  get lastStatus(): number | undefined {
    return this.#lastStatus;
  }

  start(): void {
    // Trunks that are started together are not asked together.
    this.#again(this.#deps.intervalMs * this.#deps.random());
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #again(delayMs: number): void {
    if (this.#closed) return;
    this.#cancel = this.#deps.clock.schedule(delayMs, () => background(this.#ask(), 'asking a trunk', this.#deps.log));
  }

  async #ask(): Promise<void> {
    const { clock, ping, intervalMs, log } = this.#deps;
    let cancel: Cancel = () => {};
    const late = new Promise<number>((resolve) => {
      cancel = clock.schedule(PATIENCE_MS, () => resolve(408));
    });
    this.#cancel = () => cancel();
    const status = await Promise.race([ping().catch(() => 503), late]);
    cancel();
    if (this.#closed) return;
    this.#lastStatus = status;
    const alive = !DEAD.includes(status);
    this.#against = alive === this.#up ? 0 : this.#against + 1;
    if (this.#against >= (this.#up ? DOWN_AFTER : UP_AFTER)) {
      this.#up = alive;
      this.#against = 0;
      log.warn({ up: alive, status }, 'trunk health changed');
    }
    this.#again(intervalMs);
  }
}
