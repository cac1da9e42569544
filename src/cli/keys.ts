import { loadConfig } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { type ApiKeyId, DEFAULT_TENANT } from '../core/ids.js';
import { KeyService } from '../keys/key-service.js';
import { openDatabase } from '../storage/database.js';

/** `offhook keys create <name> | list | revoke <id>`, straight on the database: works with the server running or not. */
export async function keys(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const config = loadConfig(env);
  const database = await openDatabase(config.dataDir);
  try {
    const service = new KeyService({ keys: database.keys, clock: systemClock, adminKey: config.adminKey });
    const [action, argument] = args;
    if (action === 'create') {
      const { key, record } = await service.create(DEFAULT_TENANT, argument ?? 'unnamed');
      process.stdout.write(`${key}\n`);
      process.stderr.write(`key ${record.id} created; it is shown only now\n`);
      return 0;
    }
    if (action === 'list') {
      for (const key of await service.list(DEFAULT_TENANT)) {
        const state = key.revokedAtMs === undefined ? 'active' : 'revoked';
        process.stdout.write(`${key.id}  ${key.prefix}…  ${state}  ${new Date(key.createdAtMs).toISOString()}  ${key.name}\n`);
      }
      return 0;
    }
    if (action === 'revoke' && argument) {
      await service.revoke(DEFAULT_TENANT, argument as ApiKeyId);
      process.stdout.write('revoked\n');
      return 0;
    }
    throw new AppError('invalid_request', 'usage: offhook keys create <name> | list | revoke <id>');
  } finally {
    await database.close();
  }
}
