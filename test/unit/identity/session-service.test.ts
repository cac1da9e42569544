import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newUserId } from '../../../src/core/ids.js';
import type { User } from '../../../src/domain/identity.js';
import { GuessLimit } from '../../../src/identity/guess-limit.js';
import { Passwords } from '../../../src/identity/passwords.js';
import { SessionService } from '../../../src/identity/session-service.js';
import { openDatabase } from '../../../src/storage/database.js';

const PASSWORD = 'correct horse battery staple';

/** Tells what it was asked to compare, and lets something happen before it answers. */
class WatchedPasswords extends Passwords {
  readonly compared: (string | undefined)[] = [];
  meanwhile: () => Promise<void> = () => Promise.resolve();

  override async matches(password: string, passwordHash: string | undefined): Promise<boolean> {
    this.compared.push(passwordHash);
    const same = await super.matches(password, passwordHash);
    await this.meanwhile();
    return same;
  }
}

async function setUp(t: { teardown(task: () => Promise<void>): void }) {
  const database = await openDatabase(':memory:');
  t.teardown(() => database.close());
  const passwords = new WatchedPasswords({ cost: 4 });
  const clock = new FakeClock();
  const { sessions, users } = database;
  const service = new SessionService({ sessions, users, passwords, guesses: new GuessLimit(), clock });
  const passwordHash = await passwords.hash(PASSWORD);
  const user: User = { id: newUserId(), email: 'jane@example.com', name: 'Jane', passwordHash, createdAtMs: 1 };
  await users.join(user, { tenantId: DEFAULT_TENANT, role: 'viewer', sinceMs: 1 });
  const login = (email: string, password: string) => service.login({ email, password, address: '192.0.2.1' });
  return { database, passwords, clock, service, user, login };
}

void t.test('an unknown address costs the comparison that a wrong password costs', async (t) => {
  const { passwords, login, user } = await setUp(t);
  await t.rejects(login('nobody@example.com', PASSWORD), { code: 'unauthorized' });
  await t.rejects(login(user.email, 'guess'), { code: 'unauthorized' });
  t.same(passwords.compared, [undefined, user.passwordHash]);
});

void t.test('a password that changes while somebody logs in with the old one lets nobody in', async (t) => {
  const { database, passwords, login, user } = await setUp(t);
  const changed = await passwords.hash('a different horse, a better staple');
  passwords.meanwhile = () => database.users.setPassword(user.id, changed);
  await t.rejects(login(user.email, PASSWORD), { code: 'unauthorized' });
});

void t.test('who is removed while logging in is not let in', async (t) => {
  const { database, passwords, login, user } = await setUp(t);
  passwords.meanwhile = async () => void (await database.users.remove(DEFAULT_TENANT, user.id));
  await t.rejects(login(user.email, PASSWORD), { code: 'forbidden' });
});

void t.test(
  'sessions that are over are cleared away by the next login, and their last use is written once a minute',
  async (t) => {
    const { database, clock, service, login, user } = await setUp(t);
    const first = await login(user.email, PASSWORD);
    let touches = 0;
    const touch = database.sessions.touch.bind(database.sessions);
    database.sessions.touch = (id, atMs) => {
      touches += 1;
      return touch(id, atMs);
    };
    for (let seconds = 0; seconds < 180; seconds += 1) {
      clock.advance(1000);
      t.ok(await service.authenticate(first.token));
    }
    t.equal(touches, 3);
    clock.advance(7 * 86_400_000);
    await login(user.email, PASSWORD);
    await database.sessions.touch(first.principal.sessionId, clock.nowMs());
    t.equal(await service.authenticate(first.token), undefined);
  },
);
