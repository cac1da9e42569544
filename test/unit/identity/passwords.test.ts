import t from 'tap';
import { AppError } from '../../../src/core/errors.js';
import { Passwords } from '../../../src/identity/passwords.js';

const passwords = new Passwords({ cost: 4 });
const faultsOf = (refused: Promise<unknown>): Promise<unknown> =>
  refused.catch((error: unknown) => (error instanceof AppError ? error.faults : error));
const LONGEST = 'x'.repeat(72);

void t.test('a password is as good as all of it: one that bcrypt would cut is refused, and matches nothing', async (t) => {
  const hash = await passwords.hash(LONGEST);
  t.equal(hash.length, 60);
  t.same([await passwords.matches(LONGEST, hash), await passwords.matches(`${LONGEST}y`, hash)], [true, false]);
  t.match(await faultsOf(passwords.hash(`${LONGEST}y`)), [{ field: 'password', message: /72 bytes/ }]);
  await t.rejects(passwords.hash('ä'.repeat(37)), { code: 'invalid_request' }, 'bytes, not letters');
  t.match(await faultsOf(passwords.hash('x'.repeat(11), 'new_password')), [{ field: 'new_password', message: /12 characters/ }]);
  await t.rejects(passwords.hash('zwölf und e'), { code: 'invalid_request' });
});

void t.test('nothing after a NUL is lost', async (t) => {
  const hash = await passwords.hash('twelve chars\u0000and more');
  t.equal(await passwords.matches('twelve chars\u0000and less', hash), false);
});

void t.test('the same letters are the same password, however a keyboard makes them', async (t) => {
  const hash = await passwords.hash('schön geschrieben'.normalize('NFD'));
  t.ok(await passwords.matches('schön geschrieben'.normalize('NFC'), hash));
});

void t.test('of nobody every password is wrong, that of the stand-in too', async (t) => {
  t.equal(await passwords.matches('nobody has this', undefined), false);
});

void t.test('a wave of passwords is refused from the thirty-third on, and the others are answered', async (t) => {
  const hash = await passwords.hash('correct horse battery staple');
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.matches('guess', hash)));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  t.equal(refused.length, 8);
  t.match(refused[0]?.reason, { code: 'capacity_exhausted' });
  t.ok(await passwords.matches('correct horse battery staple', hash), 'and then there is room again');
});
