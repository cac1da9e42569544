import { createHash } from 'node:crypto';
import t from 'tap';
import { DigestSession } from '../../../src/sip/digest.js';

const MUFASA = { username: 'Mufasa', password: 'Circle of Life' };
const RFC_NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const RFC_CNONCE = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
const challenge = (algorithm: string): string =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="${RFC_NONCE}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;

const paramOf = (header: string | undefined, name: string): string | undefined =>
  new RegExp(`[ ,]${name}="?([^",]*)"?`).exec(header ?? '')?.[1];
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

void t.test('answers as the example of RFC 7616 section 3.9.1 does, with MD5 and with SHA-256', async (t) => {
  for (const [algorithm, response] of [
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const) {
    const session = new DigestSession(MUFASA, () => RFC_CNONCE);
    session.begin();
    t.ok(session.take(401, challenge(algorithm)));
    const { Authorization } = session.headers('GET', '/dir/index.html');
    t.equal(paramOf(Authorization, 'response'), response, algorithm);
    t.match(Authorization, /^Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/);
    t.match(Authorization, `, algorithm=${algorithm}, opaque="FQhe/`);
    t.match(Authorization, ', qop=auth, nc=00000001, cnonce=');
  }
});

void t.test('a challenge without qop gets the answer of RFC 2069', async (t) => {
  const session = new DigestSession({ username: 'bob', password: 'zanzibar' });
  session.begin();
  t.ok(session.take(407, 'Digest realm="biloxi.com",nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'));
  const headers = session.headers('REGISTER', 'sip:biloxi.com');
  t.same(Object.keys(headers), ['Proxy-Authorization']);
  const header = headers['Proxy-Authorization'];
  const expected = md5(`${md5('bob:biloxi.com:zanzibar')}:dcd98b7102dd2f0e8b11d0f600bfb0c093:${md5('REGISTER:sip:biloxi.com')}`);
  t.equal(paramOf(header, 'response'), expected);
  t.notMatch(header, /qop|cnonce|algorithm/);
});

void t.test('of several challenges the first that can be answered is taken', async (t) => {
  const both = `Digest realm="r", nonce="1", algorithm=SHA3-9, Basic realm="r", Digest realm="r", nonce="2", qop="auth-int", ${challenge('SHA-256')}, Digest realm="r", nonce="4"`;
  const session = new DigestSession(MUFASA);
  session.begin();
  t.ok(session.take(401, both));
  t.match(session.headers('GET', '/')['Authorization'], 'algorithm=SHA-256');
  for (const hopeless of [
    undefined,
    '',
    'Basic realm="x"',
    'Digest',
    'Digest realm="x"',
    'Digest nonce="1", realm="r", algorithm=X',
  ]) {
    const fresh = new DigestSession(MUFASA);
    fresh.begin();
    t.notOk(fresh.take(401, hopeless), String(hopeless));
    t.same(fresh.headers('GET', '/'), {});
  }
});

void t.test('a nonce is used again with a growing count, until it is stale', async (t) => {
  const session = new DigestSession(MUFASA);
  session.begin();
  session.take(401, challenge('MD5'));
  const counts = [1, 2, 3].map(() => paramOf(session.headers('REGISTER', 'sip:x')['Authorization'], 'nc'));
  t.same(counts, ['00000001', '00000002', '00000003']);
  session.begin();
  session.headers('REGISTER', 'sip:x');
  t.ok(session.take(401, 'Digest realm="http-auth@example.org", nonce="new", stale=TRUE, qop="auth"'));
  const renewed = session.headers('REGISTER', 'sip:x')['Authorization'];
  t.same([paramOf(renewed, 'nonce'), paramOf(renewed, 'nc')], ['new', '00000001']);
});

void t.test('who refuses our answer is not answered again in the same request, but in the next', async (t) => {
  const session = new DigestSession(MUFASA);
  session.begin();
  t.ok(session.take(401, challenge('MD5')));
  t.notOk(session.take(401, challenge('MD5')), 'the password is wrong');
  t.ok(session.take(407, challenge('MD5')), 'a proxy on the way is somebody else');
  t.same(Object.keys(session.headers('INVITE', 'sip:x')).sort(), ['Authorization', 'Proxy-Authorization']);
  t.ok(session.take(401, `${challenge('MD5')}, stale=true`), 'a nonce that grew old meanwhile');
  t.notOk(session.take(401, `${challenge('MD5')}, stale=true`), 'but not for ever');
  session.begin();
  t.ok(session.take(401, challenge('MD5')));
});

void t.test('names and realms with quotes are quoted and read', async (t) => {
  const session = new DigestSession({ username: 'a"b\\c', password: 'x' }, () => 'c');
  session.begin();
  t.ok(session.take(401, String.raw`Digest realm="say \"hi\", \\ you", nonce = "n"`));
  const header = session.headers('REGISTER', 'sip:x')['Authorization'] ?? '';
  t.ok(header.startsWith(String.raw`Digest username="a\"b\\c", realm="say \"hi\", \\ you", nonce="n"`), header);
});
