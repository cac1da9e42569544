import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { toError } from '../core/errors.js';
import { DATABASE_FILE } from './database.js';
import { openingFailure, StorageError } from './storage-error.js';

export type Backup = { file: string; sizeBytes: number };

/** How long a copy waits for a moment in which the database may be read. */
const BUSY_TIMEOUT_MS = 30_000;
/** Pages of one step: all that there are. A step is one read transaction, so what is copied is one moment of the database. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies `<dataDir>/offhook.db` to `destination` as it is at one moment, while others go on writing to it. The copy is one file,
 * has been checked, is on the disk when this resolves, and stands under its name only then.
 *
 * @throws StorageError when there is no database, `destination` exists or cannot be written, or the copy does not stand the check.
 */
export async function backupDatabase(dataDir: string, destination: string): Promise<Backup> {
  const source = join(dataDir, DATABASE_FILE);
  refuseToOverwrite(destination);
  const partial = join(dirname(destination), `.${basename(destination)}.${process.pid}.partial`);
  try {
    await copy(source, partial);
    const fault = faultIn(partial);
    if (fault) throw new StorageError(`backup ${destination} is damaged, as the database may be that it was made of: ${fault}`);
    const sizeBytes = await sync(partial);
    refuseToOverwrite(destination);
    await rename(partial, destination);
    await sync(dirname(destination));
    return { file: destination, sizeBytes };
  } catch (thrown) {
    await rm(partial, { force: true });
    if (thrown instanceof StorageError) throw thrown;
    throw new StorageError(`backup ${destination} cannot be made: ${toError(thrown).message}`, { cause: thrown });
  }
}

function refuseToOverwrite(destination: string): void {
  if (existsSync(destination)) throw new StorageError(`backup ${destination} exists already and is not overwritten`);
}

/** Not through `openDatabase`: a backup before an upgrade must not be the upgrade. */
async function copy(source: string, destination: string): Promise<void> {
  if (!existsSync(source)) throw new StorageError(`there is no database ${source}`);
  let sqlite: Sqlite.Database;
  try {
    sqlite = new Sqlite(source, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  } catch (thrown) {
    throw openingFailure(source, thrown);
  }
  try {
    await sqlite.backup(destination, { progress: () => ALL_PAGES });
  } finally {
    sqlite.close();
  }
}

/** Takes the copy out of write-ahead logging too: it is to be one file, readable where nothing can be written. */
function faultIn(file: string): string | undefined {
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('journal_mode = DELETE');
    const integrity = sqlite.pragma('integrity_check(1)', { simple: true }) as string;
    if (integrity !== 'ok') return integrity;
    const orphans = sqlite.pragma('foreign_key_check') as unknown[];
    return orphans.length === 0 ? undefined : `${orphans.length} rows refer to nothing`;
  } finally {
    sqlite.close();
  }
}

/** Puts a file or folder on the disk itself. Returns its size. */
async function sync(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
