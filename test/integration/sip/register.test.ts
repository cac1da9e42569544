import t from 'tap';
import type { TrunkAccess } from '../../../src/domain/ports/trunk-signalling.js';
import { granting, TestRegistrar } from '../../support/registrar.js';
import { header } from '../../support/sip-peer.js';
import { responseText } from '../../support/sip-texts.js';
import { REAL_SERVER, startTelephony, type TestTelephony } from '../../support/telephony.js';

const accessTo = (port: number, changes: Partial<TrunkAccess> = {}): TrunkAccess => ({
  host: '127.0.0.1',
  port,
  transport: 'udp',
  nextHop: `sip:127.0.0.1:${port};transport=${changes.transport ?? 'udp'};x-keep-alive-ms=25000`,
  username: '+4930123456',
  credentials: { username: 'auth-name', password: 'secret' },
  ...changes,
});

type Test = Parameters<typeof startTelephony>[0] & { teardown(task: () => Promise<void>): void };

async function start(t: Test, changes: Partial<TrunkAccess> = {}) {
  const s: TestTelephony = await startTelephony(t);
  const registrar = await TestRegistrar.start(t, s.sipPort);
  return { s, registrar, binding: s.telephony.openBinding(accessTo(registrar.peer.port, changes)) };
}

const CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="one", qop="auth", algorithm=MD5';

void t.test('one Call-ID, one tag and growing numbers, over challenges, refreshes and the end', async (t) => {
  const { s, registrar, binding } = await start(t);
  registrar.answer = (register) =>
    header(register, 'Authorization') === '' ? { status: 401, headers: [CHALLENGE] } : granting(register, 300);
  t.match(await binding.register(3600), { accepted: true, expiresS: 300, registrar: { port: registrar.peer.port } });
  await binding.register(3600);
  await binding.register(0);
  const sent = registrar.asked;
  t.same(
    sent.map((register) => [header(register, 'CSeq'), header(register, 'Expires')]),
    [
      ['1 REGISTER', '3600'],
      ['2 REGISTER', '3600'],
      ['3 REGISTER', '3600'],
      ['4 REGISTER', '0'],
    ],
    'who was challenged once proves himself unasked',
  );
  t.equal(new Set(sent.map((register) => header(register, 'Call-ID') + header(register, 'From'))).size, 1);
  t.same(
    sent.map((register) => /nc=(\d+)/.exec(header(register, 'Authorization'))?.[1]),
    [undefined, '00000001', '00000002', '00000003'],
  );
  const [first] = sent;
  t.equal(first?.startLine, `REGISTER sip:127.0.0.1:${registrar.peer.port} SIP/2.0`);
  t.match(header(first!, 'To'), '<sip:+4930123456@127.0.0.1>');
  if (!REAL_SERVER) t.equal(header(first!, 'Contact'), `<sip:+4930123456@127.0.0.1:${s.sipPort}>`);
  t.match(header(sent[1]!, 'Authorization'), `username="auth-name", realm="r", nonce="one", uri="sip:127.0.0.1:`);
});

void t.test('a wrong password is asked for once and no more', async (t) => {
  for (const final of [401, 403]) {
    const { registrar, binding } = await start(t);
    registrar.answer = (register) =>
      final === 401 || header(register, 'Authorization') === '' ? { status: 401, headers: [CHALLENGE] } : { status: 403 };
    t.match(await binding.register(60), { accepted: false, status: final, credentialsRefused: true });
    t.equal(registrar.asked.length, 2);
  }
});

void t.test('a stale nonce is replaced, a challenge nobody can answer is a refusal, and a proxy may ask as well', async (t) => {
  const { registrar, binding } = await start(t);
  let nonce = 'one';
  registrar.answer = (register) => {
    if (header(register, 'Proxy-Authorization') === '') {
      return { status: 407, headers: [CHALLENGE.replace('WWW-Authenticate', 'Proxy-Authenticate')] };
    }
    const stale = header(register, 'Authorization').includes(`nonce="${nonce}"`) ? '' : ', stale=true';
    return stale === '' ? granting(register, 60) : { status: 401, headers: [`${CHALLENGE.replace('one', nonce)}${stale}`] };
  };
  t.match(await binding.register(60), { accepted: true });
  nonce = 'two';
  t.match(await binding.register(60), { accepted: true });
  t.equal(registrar.asked.length, 5);
  registrar.answer = () => ({ status: 401, headers: ['WWW-Authenticate: Digest realm="r", nonce="x", algorithm=QUANTUM'] });
  t.match(await binding.register(60), { accepted: false, status: 401, credentialsRefused: false });
});

void t.test('SHA-256 is taken where it stands first, on a line of its own or beside MD5', async (t) => {
  const { registrar, binding } = await start(t);
  const sha = CHALLENGE.replace('MD5', 'SHA-256').replace('one', 'strong');
  registrar.answer = (register) =>
    header(register, 'Authorization') === '' ? { status: 401, headers: [sha, CHALLENGE] } : granting(register, 60);
  t.match(await binding.register(60), { accepted: true });
  t.match(header(registrar.asked[1]!, 'Authorization'), /algorithm=SHA-256/);
  t.match(header(registrar.asked[1]!, 'Authorization'), /response="[0-9a-f]{64}"/);
});

void t.test('what is granted is what stands with our contact, not with another of the same user', async (t) => {
  const { registrar, binding } = await start(t);
  registrar.answer = (register) => ({
    status: 200,
    headers: [
      'Contact: "Desk, upstairs" <sip:+4930123456@192.0.2.77:5060>;expires=7',
      `Contact: ${header(register, 'Contact')};q=0.5;expires=90`,
      'Expires: 30',
    ],
  });
  t.match(await binding.register(3600), { expiresS: 90 });
  registrar.answer = () => ({ status: 200, headers: ['Expires: 45'] });
  t.match(await binding.register(3600), { expiresS: 45 });
  registrar.answer = () => ({ status: 200 });
  t.match(await binding.register(3600), { expiresS: 3600 });
});

void t.test('423 and Retry-After are told on', async (t) => {
  const { registrar, binding } = await start(t);
  registrar.answer = () => ({ status: 423, headers: ['Min-Expires: 1800'] });
  t.match(await binding.register(60), { accepted: false, status: 423, minExpiresS: 1800, credentialsRefused: false });
  registrar.answer = () => ({ status: 503, reason: 'Busy', headers: ['Retry-After: 17 (back soon)'] });
  t.match(await binding.register(60), { accepted: false, status: 503, reason: 'Busy', retryAfterS: 17 });
});

void t.test('a ping is an OPTIONS to the server of the trunk, and any answer is its outcome', async (t) => {
  const { s, registrar } = await start(t);
  const pinging = s.telephony.ping(accessTo(registrar.peer.port));
  const options = await registrar.peer.request('OPTIONS');
  t.equal(options.startLine, `OPTIONS sip:127.0.0.1:${registrar.peer.port} SIP/2.0`);
  registrar.peer.send(responseText(options, 405, 'Method Not Allowed', 'x'));
  t.equal(await pinging, 405);
  t.equal(await s.telephony.ping(accessTo(1, { transport: 'tcp' })), 503, 'nobody there');
});

void t.test('without a connection to the signalling server it is signalling_unavailable', { skip: REAL_SERVER }, async (t) => {
  const { s, registrar, binding } = await start(t);
  registrar.answer = () => undefined;
  const asking = binding.register(60);
  await registrar.peer.request('REGISTER');
  await s.stopServer?.();
  await t.rejects(asking, { code: 'signalling_unavailable' });
  await t.rejects(binding.register(60), { code: 'signalling_unavailable' });
});
