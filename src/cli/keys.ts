import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import type { AgentId, ApiKeyId } from '../core/ids.js';
import { type ApiKey, DIALECTS, type DialectName } from '../domain/api-key.js';
import type { TollLimits } from '../domain/ports/toll-guard.js';
import { KeyService } from '../keys/key-service.js';
import { openDatabase } from '../storage/database.js';
import { organizationOf } from './organization.js';

const USAGE =
  'usage: offhook keys create <name> [--dialect flametalk] [--agent <id>] [--scopes agents:read,…] [--expires 2030-12-31] [limits] | list | limit <id> [limits] | revoke <id> | regenerate <id> [--expires …]\n  [--organization <id or name>]\nlimits: [--calls-per-hour 100] [--calls-per-day 500] [--prefixes +49,…]; without any, limit takes them away';

/** Straight on the database: works with the server running or not. */
export async function keys(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dialect: { type: 'string' },
      agent: { type: 'string' },
      scopes: { type: 'string' },
      expires: { type: 'string' },
      organization: { type: 'string' },
      'calls-per-hour': { type: 'string' },
      'calls-per-day': { type: 'string' },
      prefixes: { type: 'string' },
    },
  });
  const [action, argument] = positionals;
  const expiresAtMs = expiryOf(values.expires);
  const limits = limitsOf(values);
  const config = loadConfig(env);
  const database = await openDatabase(config.dataDir);
  try {
    const service = new KeyService({ ...database, clock: systemClock, adminKey: config.adminKey });
    const tenant = await organizationOf(database.organizations, values.organization);
    if (action === 'create') {
      const agentId = values.agent as AgentId | undefined;
      const terms = { dialect: dialectOf(values.dialect), agentId, scopes: listed(values.scopes), expiresAtMs, limits };
      show(await service.create(tenant, argument ?? 'unnamed', terms), 'created');
      if (terms.dialect === 'callfluent') {
        const [number] = await database.publicNumbers.numbersOf(tenant, 'workspace', [tenant]);
        process.stderr.write(`workspace ${number}\n`);
      }
    } else if (action === 'regenerate' && argument) {
      show(await service.regenerate(tenant, argument as ApiKeyId, { expiresAtMs }), 'regenerated');
    } else if (action === 'limit' && argument) {
      process.stdout.write(`${lineOf(await service.setLimits(tenant, argument as ApiKeyId, limits))}\n`);
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
  const scopes = key.scopes?.join(',') ?? 'all';
  const limits = key.limits ? [JSON.stringify(key.limits)] : [];
  const opens = key.agentId === undefined ? key.dialect : `${key.dialect} of agent ${key.agentId}`;
  return [key.id, `${key.prefix}…`, opens, state, iso(key.createdAtMs), until, used, scopes, ...limits, key.name].join('  ');
}

const listed = (text: string | undefined): string[] | undefined => text?.split(',').map((item) => item.trim());

function dialectOf(text: string | undefined): DialectName | undefined {
  const dialect = DIALECTS.find((name) => name === text);
  if (text === undefined || dialect !== undefined) return dialect;
  throw new AppError('invalid_request', `--dialect must be one of ${DIALECTS.join(', ')}`);
}

/** NaN, which the service refuses, for what is no number. */
const countOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : Number.NaN);

/** Undefined when none is given. */
function limitsOf(values: Partial<Record<'calls-per-hour' | 'calls-per-day' | 'prefixes', string>>): TollLimits | undefined {
  const { 'calls-per-hour': hour, 'calls-per-day': day, prefixes } = values;
  if (hour === undefined && day === undefined && prefixes === undefined) return undefined;
  return {
    ...(hour !== undefined && { callsPerHour: countOf(hour) }),
    ...(day !== undefined && { callsPerDay: countOf(day) }),
    ...(prefixes !== undefined && { allowedPrefixes: listed(prefixes) }),
  };
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
