import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.js';
import { systemClock } from '../core/clock.js';
import { AppError } from '../core/errors.js';
import { newUserId } from '../core/ids.js';
import { isRole, ROLES, type Role } from '../domain/identity.js';
import { emailAddress, properName } from '../identity/identity-input.js';
import { Passwords } from '../identity/passwords.js';
import { type Database, openDatabase } from '../storage/database.js';
import { organizationOf } from './organization.js';

const USAGE =
  'usage: offhook users create <email> [--role owner] [--name …] [--organization <id or name>] [--password-stdin] | list | password <email> [--password-stdin]';
/** 144 bits: nobody guesses it, and it can be typed once. */
const PASSWORD_BYTES = 18;

/** Straight on the database: works with the server running or not. The first owner comes in this way. */
export async function users(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      role: { type: 'string', default: 'owner' },
      name: { type: 'string' },
      organization: { type: 'string' },
      'password-stdin': { type: 'boolean', default: false },
    },
  });
  const [action, argument] = positionals;
  const fromStdin = values['password-stdin'];
  const database = await openDatabase(loadConfig(env).dataDir);
  try {
    if (action === 'create' && argument) {
      const email = emailAddress(argument);
      await create(
        database,
        { email, name: properName(values.name ?? email), role: roleOf(values.role) },
        values.organization,
        fromStdin,
      );
    } else if (action === 'password' && argument) {
      await setPassword(database, emailAddress(argument), fromStdin);
    } else if (action === 'list') {
      for (const { id, email, role, organization, name } of await database.users.all())
        process.stdout.write(`${[id, email, role, organization, name].join('  ')}\n`);
    } else {
      throw new AppError('invalid_request', USAGE);
    }
    return 0;
  } finally {
    await database.close();
  }
}

/** Who is in another organisation already keeps the password that they have. */
async function create(
  { users, organizations }: Database,
  draft: { email: string; name: string; role: Role },
  organization: string | undefined,
  fromStdin: boolean,
): Promise<void> {
  const { email, name, role } = draft;
  const tenantId = await organizationOf(organizations, organization);
  const nowMs = systemClock.nowMs();
  const known = await users.findByEmail(email);
  if (known) {
    await users.join(known.id, { tenantId, role, sinceMs: nowMs });
    process.stderr.write(`user ${email} is ${role} there too, with the same password\n`);
    return;
  }
  const { passwordHash, made } = await newPassword(fromStdin);
  const user = { id: newUserId(), email, name, passwordHash, createdAtMs: nowMs };
  await users.join(user, { tenantId, role, sinceMs: nowMs });
  show(made);
  process.stderr.write(`user ${email} created as ${role}\n`);
}

async function setPassword({ users }: Database, email: string, fromStdin: boolean): Promise<void> {
  const user = await users.findByEmail(email);
  if (!user) throw new AppError('not_found', `there is no user ${email}`);
  const { passwordHash, made } = await newPassword(fromStdin);
  await users.setPassword(user.id, passwordHash);
  show(made);
  process.stderr.write(`password of ${email} changed; their sessions have ended\n`);
}

async function newPassword(fromStdin: boolean): Promise<{ passwordHash: string; made: string | undefined }> {
  const made = fromStdin ? undefined : randomBytes(PASSWORD_BYTES).toString('base64url');
  const password = made ?? (await text(process.stdin)).replace(/\r?\n$/, '');
  return { passwordHash: await new Passwords().hash(password), made };
}

/** A password that was made up goes alone to standard output, so that it can be piped. */
function show(made: string | undefined): void {
  if (made === undefined) return;
  process.stdout.write(`${made}\n`);
  process.stderr.write('this password is shown only now\n');
}

function roleOf(role: string): Role {
  if (isRole(role)) return role;
  throw new AppError('invalid_request', `--role takes one of ${ROLES.join(', ')}`);
}
