import { loadConfig } from '../config/load.js';
import { printConfig } from '../config/print.js';
import { AppError } from '../core/errors.js';

/** `offhook config check | print`. A wrong configuration lists all its faults and exits 1. */
export async function config(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [action] = args;
  if (action !== 'check' && action !== 'print') throw new AppError('invalid_request', 'usage: offhook config check | print');
  const loaded = loadConfig(env);
  process.stdout.write(action === 'print' ? `${printConfig(loaded)}\n` : 'configuration ok\n');
  return 0;
}
