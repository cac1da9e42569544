import { toError } from '../core/errors.js';

/** The database cannot be used. `message` is one line for the operator: which file, and why. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** SQLite's own code of a failure (`SQLITE_BUSY`, `SQLITE_CONSTRAINT_UNIQUE`), wherever in the chain of causes it is. */
export function sqliteCode(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
  }
  return undefined;
}

/** Why a database did not open, in words an operator can act on. */
export function openingFailure(file: string, thrown: unknown): StorageError {
  return new StorageError(`database ${file} ${reason(thrown)}`, { cause: thrown });
}

function reason(thrown: unknown): string {
  const code = sqliteCode(thrown) ?? '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'is locked by another program';
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) {
    return 'is damaged or no database; put a backup in its place, or move it away to begin anew';
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM')) {
    return 'cannot be opened for writing';
  }
  if (code.startsWith('SQLITE_FULL')) return 'cannot grow: the disk is full';
  return thrown instanceof StorageError ? thrown.message : `cannot be used: ${toError(thrown).message}`;
}
