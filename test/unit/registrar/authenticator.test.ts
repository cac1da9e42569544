import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newPhoneId } from '../../../src/core/ids.js';
import type { DigestResponse } from '../../../src/domain/ports/authentication.js';
import { passwordHashes, provesPassword } from '../../../src/registrar/digest-check.js';
import { Nonces } from '../../../src/registrar/nonces.js';
import { HOME, proof } from '../../support/register-request.js';
import { newRegistrarSet } from '../../support/registrar-set.js';

const ALICE = { username: 'alice', password: 'wonderland' };

function start() {
  const clock = new FakeClock();
  const set = newRegistrarSet({}, clock);
  const terms = { tenantId: DEFAULT_TENANT, maxContacts: 5, callProof: 'digest' } as const;
  set.accounts.changed({ kind: 'phone', id: newPhoneId() }, { ...terms, user: ALICE.username, password: ALICE.password });
  const check = (...credentials: DigestResponse[]) => set.authenticator.check({ method: 'REGISTER', source: HOME, credentials });
  return { ...set, clock, check };
}

void t.test('the digests of RFC 7616 section 3.9.1 are taken, and nothing beside them', async (t) => {
  const hashes = passwordHashes('Mufasa', 'http-auth@example.org', 'Circle of Life');
  const answer = {
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    uri: '/dir/index.html',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    nonceCount: '00000001',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    qop: 'auth',
  };
  const md5 = { ...answer, algorithm: 'MD5', response: '8ca523f5e9506fed4657c9700eebdbec' };
  const sha = {
    ...answer,
    algorithm: 'SHA-256',
    response: '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  };
  t.ok(provesPassword(md5, 'GET', hashes));
  t.ok(provesPassword({ ...md5, algorithm: undefined }, 'GET', hashes), 'MD5 when nothing is said');
  t.ok(provesPassword(sha, 'GET', hashes));
  for (const [what, wrong] of Object.entries({
    method: provesPassword(md5, 'PUT', hashes),
    algorithm: provesPassword({ ...md5, algorithm: 'SHA-256' }, 'GET', hashes),
    unknown: provesPassword({ ...md5, algorithm: 'SHA-512-256' }, 'GET', hashes),
    qop: provesPassword({ ...md5, qop: undefined }, 'GET', hashes),
    count: provesPassword({ ...md5, nonceCount: '1' }, 'GET', hashes),
    cnonce: provesPassword({ ...md5, cnonce: '' }, 'GET', hashes),
    empty: provesPassword({ ...md5, response: '' }, 'GET', hashes),
  })) {
    t.notOk(wrong, what);
  }
});

void t.test('who proves nothing is challenged with both algorithms, the stronger first; each of them will do', async (t) => {
  const { check } = start();
  const first = check();
  if (first.is !== 'challenge') throw new Error('let in without proof');
  t.match(first.challenges, [
    { realm: 'test', algorithm: 'SHA-256', stale: false },
    { realm: 'test', algorithm: 'MD5', stale: false },
  ]);
  t.match(check(proof(first.challenges[0]!, ALICE)), { is: 'proven', account: { user: 'alice' } });
  t.match(check(proof(first.challenges[1]!, ALICE, { nonceCount: 2 })), { is: 'proven', account: { user: 'alice' } });
});

void t.test('a wrong password and an unknown user get the same answer; only the watch learns which it was', async (t) => {
  const { authenticator, check, failures } = start();
  const [challenge] = authenticator.challenges(false);
  t.same(check(proof(challenge!, { ...ALICE, password: 'wrong' })), check(proof(challenge!, { ...ALICE, username: 'bob' })));
  t.same(failures, [
    { source: HOME, method: 'REGISTER', user: 'alice', cause: 'wrong_password' },
    { source: HOME, method: 'REGISTER', user: 'bob', cause: 'unknown_user' },
  ]);
  t.match(check(proof({ ...challenge!, realm: 'elsewhere' }, ALICE)), { is: 'challenge' }, 'meant for somebody else');
  t.equal(failures.length, 2);
});

void t.test('a proof counts once, a nonce five minutes; who knows the password hears that it is stale', async (t) => {
  const { authenticator, check, clock, failures } = start();
  const [challenge] = authenticator.challenges(false);
  const stale = { is: 'challenge', challenges: [{ stale: true }, { stale: true }] };
  t.match(check(proof(challenge!, ALICE, { nonceCount: 1 })), { is: 'proven' });
  t.match(check(proof(challenge!, ALICE, { nonceCount: 1 })), stale, 'somebody repeats it');
  t.match(check(proof(challenge!, ALICE, { nonceCount: 9 })), { is: 'proven' }, 'requests may be lost');
  t.match(check(proof(challenge!, ALICE, { nonceCount: 8 })), stale);
  clock.advance(300_000);
  t.match(check(proof(challenge!, ALICE, { nonceCount: 10 })), stale);
  t.match(check(proof(challenge!, { ...ALICE, password: 'wrong' }, { nonceCount: 10 })), { is: 'refused' });
  t.match(check(proof({ ...challenge!, nonce: 'made up' }, ALICE)), stale, 'a nonce that we never gave');
  t.equal(failures.length, 1);
});

void t.test('nonces are known by their make alone, and forgotten with their time', async (t) => {
  const clock = new FakeClock();
  const nonces = new Nonces(clock);
  const nonce = nonces.issue();
  t.not(nonce, nonces.issue());
  t.equal(nonces.size, 0, 'giving one out keeps nothing');
  const bytes = Buffer.from(nonce, 'base64url');
  bytes[0] = bytes[0]! ^ 1;
  t.notOk(nonces.use(bytes.toString('base64url'), 1), 'another time');
  t.notOk(new Nonces(clock).use(nonce, 1), 'of another process');
  t.notOk(nonces.use('', 1));
  t.notOk(nonces.use(nonce, Number.NaN));
  t.equal(nonces.size, 0);
  t.ok(nonces.use(nonce, 1));
  t.equal(nonces.size, 1);
  clock.advance(300_000);
  t.ok(nonces.use(nonces.issue(), 1));
  t.equal(nonces.size, 1, 'the old one is gone');
});
