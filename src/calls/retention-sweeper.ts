import type { Cancel, Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import { background, type Logger } from '../core/log.js';
import type { Retention } from '../domain/identity.js';
import type { CallArchive, RetentionSettings } from '../domain/ports/call-archive.js';
import type { CallRemoval } from './call-removal.js';

export type RetentionSweeperDeps = {
  archive: Pick<CallArchive, 'removeCalls' | 'removeRecordings'>;
  settings: Pick<RetentionSettings, 'retentions'>;
  removal: Pick<CallRemoval, 'removeFiles'>;
  /** For organisations that have set nothing. */
  defaults: Retention;
  clock: Clock;
  log: Logger;
};

const DAY_MS = 86_400_000;
const SWEEP_EVERY_MS = 3_600_000;
/** Calls of one transaction, and the pause after it: what removes a year of calls must not be felt by those that go on. */
const BATCH = 20;
const PAUSE_MS = 20;

/** Removes what is older than its organisation keeps it: at the start and every hour. It keeps nothing in memory. */
export class RetentionSweeper {
  readonly #deps: RetentionSweeperDeps;
  #cancel: Cancel = () => {};
  #closed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: RetentionSweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#running = this.#sweepAndWait();
    background(this.#running, 'retention', this.#deps.log);
  }

  /** Resolves when nothing more will be removed. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  async #sweepAndWait(): Promise<void> {
    const { clock, log } = this.#deps;
    await this.#sweep().catch((error: unknown) => log.error({ err: error }, 'retention not enforced'));
    if (!this.#closed) this.#cancel = clock.schedule(SWEEP_EVERY_MS, () => this.start());
  }

  async #sweep(): Promise<void> {
    const { archive, settings, removal, defaults, log } = this.#deps;
    for (const { tenant, retention } of await settings.retentions()) {
      const callsDays = retention.callsDays ?? defaults.callsDays;
      const recordingsDays = retention.recordingsDays ?? defaults.recordingsDays;
      const calls = await this.#remove(tenant, callsDays, (...range) => archive.removeCalls(...range));
      const recordings = await this.#remove(tenant, recordingsDays, (...range) => archive.removeRecordings(...range));
      if (calls + recordings > 0) log.info({ tenantId: tenant, calls, recordings }, 'old calls removed');
    }
    await removal.removeFiles();
  }

  async #remove(tenant: TenantId, days: number | undefined, remove: CallArchive['removeCalls']): Promise<number> {
    if (days === undefined) return 0;
    const beforeMs = this.#deps.clock.nowMs() - days * DAY_MS;
    for (let total = 0; ; ) {
      if (this.#closed) return total;
      const removed = await remove(tenant, beforeMs, BATCH);
      total += removed;
      if (removed < BATCH) return total;
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#deps.clock.schedule(PAUSE_MS, resolve);
      this.#cancel = () => {
        cancel();
        resolve();
      };
    });
  }
}
