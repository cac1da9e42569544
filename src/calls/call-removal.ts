import { rm } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { AppError } from '../core/errors.js';
import type { CallId, TenantId } from '../core/ids.js';
import type { Logger } from '../core/log.js';
import type { CallArchive } from '../domain/ports/call-archive.js';

export type CallRemovalDeps = { archive: CallArchive; dataDir: string; log: Logger };

const BATCH = 20;

/** Deletes calls with all that belongs to them. */
export class CallRemoval {
  readonly #deps: CallRemovalDeps;
  #removing: Promise<void> = Promise.resolve();

  constructor(deps: CallRemovalDeps) {
    this.#deps = deps;
  }

  /** Resolves when its recording is gone, too. @throws AppError `call_not_found`, or `conflict` while it goes on. */
  async delete(tenant: TenantId, id: CallId): Promise<void> {
    const outcome = await this.#deps.archive.remove(tenant, id);
    if (outcome === 'not_found') throw new AppError('call_not_found', `no call ${id}`);
    if (outcome === 'in_progress') {
      throw new AppError('conflict', `call ${id} goes on`, { publicMessage: 'A call can be deleted when it has ended' });
    }
    await this.removeFiles();
  }

  /**
   * Removes the files whose calls are gone, those that an earlier process did not come to as well. A file that cannot be removed is
   * logged and stays written down for the next time.
   */
  removeFiles(): Promise<void> {
    this.#removing = this.#removing.then(() => this.#removeFiles());
    return this.#removing;
  }

  async #removeFiles(): Promise<void> {
    const { archive, log } = this.#deps;
    try {
      const failed = new Set<string>();
      for (;;) {
        const files = (await archive.filesToRemove(BATCH + failed.size)).filter((path) => !failed.has(path));
        if (files.length === 0) return;
        for (const path of files) if (!(await this.#removeFile(path))) failed.add(path);
      }
    } catch (error) {
      log.error({ err: error }, 'recordings not removed');
    }
  }

  async #removeFile(path: string): Promise<boolean> {
    const { archive, dataDir, log } = this.#deps;
    const file = join(dataDir, path);
    const inside = relative(dataDir, file);
    try {
      // A path that leads out of the data directory is none that we wrote: whatever is there is not ours to remove.
      if (!inside.startsWith('..') && !isAbsolute(inside)) await rm(file, { force: true });
      await archive.fileRemoved(path);
      return true;
    } catch (error) {
      log.error({ err: error, path }, 'recording not removed');
      return false;
    }
  }
}
