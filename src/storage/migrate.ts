import { type Kysely, type Migration, Migrator } from 'kysely';
import { firstCall } from './migrations/0001-first-call.js';
import { StorageError } from './storage-error.js';

/** In order and forward only; one that was released is never edited again. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-call': firstCall,
};

/**
 * Brings the database to the newest version, in one transaction.
 *
 * @throws StorageError when it was made by a newer Offhook, or a migration fails.
 */
export async function migrate(db: Kysely<never>, migrations: Readonly<Record<string, Migration>> = MIGRATIONS): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  // The Migrator has no error class of its own: this is how it says that the database knows more migrations than we do.
  if (error instanceof Error && error.message.startsWith('corrupted migrations')) {
    throw new StorageError('was made by a newer version of Offhook; use that version, or another data directory', {
      cause: error,
    });
  }
  const failed = results?.find((result) => result.status === 'Error')?.migrationName;
  throw new StorageError(`cannot be brought up to date${failed ? ` (migration ${failed})` : ''}`, { cause: error });
}
