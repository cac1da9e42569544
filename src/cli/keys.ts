import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { ApiKeyId } from '../core/ids.js';
import type { ApiKey } from '../domain/api-key.js';
import { KeyService } from '../keys/key-service.js';
import { openDatabase } from '../storage/database.js';
import { organizationOf } from './organization.js';

const USAGE =
  'usage: offhook keys create <name> [--scopes agents:read,…] [--expires 2030-12-31] | list | revoke <id> | regenerate <id> [--expires …]\n  [--organization <id or name>]';

/** Straight on the database: works with the server running or not. */
export async function keys(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { scopes: { type: 'string' }, expires: { type: 'string' }, organization: { type: 'string' } },
  });
  const [action, argument] = positionals;
  const expiresAtMs = expiryOf(values.expires);
  const config = loadConfig(env);
  const database = await openDatabase(config.dataDir);
  try {
    const service = new KeyService({ keys: database.keys, clock: systemClock, adminKey: config.adminKey });
    const tenant = await organizationOf(database.organizations, values.organization);
    if (action === 'create') {
      const scopes = values.scopes?.split(',').map((scope) => scope.trim());
      show(await service.create(tenant, argument ?? 'unnamed', { scopes, expiresAtMs }), 'created');
    } else if (action === 'regenerate' && argument) {
      show(await service.regenerate(tenant, argument as ApiKeyId, { expiresAtMs }), 'regenerated');
    } else if (action === 'list') {
      for (const key of await service.list(tenant)) process.stdout.write(`${lineOf(key)}\n`);
    } else if (action === 'revoke' && argument) {
      await service.revoke(tenant, argument as ApiKeyId);
      process.stdout.write('revoked\n');
    } else {
      throw new AppError('invalid_request', USAGE);
    }
    return 0;
  } finally {
    await database.close();
  }
}

/** The key alone goes to standard output, so that it can be piped. */
function show({ key, record }: { key: string; record: ApiKey }, what: string): void {
  process.stdout.write(`${key}\n`);
  process.stderr.write(`key ${record.id} ${what}; it is shown only now\n`);
}

function lineOf(key: ApiKey): string {
  const state = key.revokedAtMs !== undefined ? 'revoked' : isOver(key) ? 'expired' : 'active';
  const used = key.lastUsedAtMs === undefined ? 'never used' : `used ${iso(key.lastUsedAtMs)}`;
  const until = key.expiresAtMs === undefined ? 'no expiry' : `until ${iso(key.expiresAtMs)}`;
  return [key.id, `${key.prefix}…`, state, iso(key.createdAtMs), until, used, key.scopes?.join(',') ?? 'all', key.name].join(
    '  ',
  );
}

const isOver = (key: ApiKey): boolean => key.expiresAtMs !== undefined && key.expiresAtMs <= systemClock.nowMs();
const iso = (ms: number): string => new Date(ms).toISOString();

/** A date is the beginning of that day, UTC. */
function expiryOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new AppError('invalid_request', '--expires takes a date (2030-12-31) or a time (2030-12-31T12:00:00Z)');
  return ms;
}
