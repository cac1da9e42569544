import { resolve } from 'node:path';
import { loadConfig } from '../config/load.js';
import { AppError } from '../core/errors.js';
import { backupDatabase } from '../storage/backup.js';

const USAGE = 'usage: offhook backup <file>';

/** Copies the database as it is now, with the server running or not. Prints where the copy is. */
export async function backup(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [file, ...more] = args;
  if (file === undefined || file === '' || file.startsWith('-') || more.length > 0) throw new AppError('invalid_request', USAGE);
  const made = await backupDatabase(loadConfig(env).dataDir, resolve(file));
  process.stdout.write(`${made.file} ${made.sizeBytes} bytes, checked\n`);
  return 0;
}
