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
  nat: 'off',
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

const contacts = (registrar: TestRegistrar): string[] => registrar.asked.map((register) => header(register, 'Contact'));
const PUBLIC = { address: '203.0.113.77', port: 40_000 };
const OTHER = { address: '203.0.113.78', port: 40_001 };
const atSeen = ({ address, port }: typeof PUBLIC): string => `<sip:+4930123456@${address}:${port}>`;

/** A trunk behind NAT, which is told so by its registrar. */
const startBehindNat = async (t: Test) => {
  const s = await startTelephony(t);
  const registrar = await TestRegistrar.start(t, s.sipPort);
  registrar.seenAs = PUBLIC;
  const nextHop = `sip:127.0.0.1:${registrar.peer.port};transport=udp;x-nat=auto`;
  return { s, registrar, binding: s.telephony.openBinding(accessTo(registrar.peer.port, { nat: 'auto', nextHop })) };
};

void t.test(
  'behind NAT the answer to the challenge names the contact that the registrar sees',
  { skip: REAL_SERVER },
  async (t) => {
    const { s, registrar, binding } = await startBehindNat(t);
    registrar.answer = (register) =>
      header(register, 'Authorization') === '' ? { status: 401, headers: [CHALLENGE] } : granting(register, 300);
    t.match(await binding.register(3600), { accepted: true, expiresS: 300 });
    const own = `<sip:+4930123456@127.0.0.1:${s.sipPort}>`;
    t.same(contacts(registrar), [own, atSeen(PUBLIC)]);
    registrar.seenAs = OTHER;
    await binding.register(3600);
    t.same(
      contacts(registrar).slice(2),
      [atSeen(PUBLIC), atSeen(OTHER), `${atSeen(PUBLIC)};expires=0`],
      'another mapping is another contact, and the one before goes',
    );
    await binding.register(0);
    t.equal(contacts(registrar).at(-1), atSeen(OTHER), 'what is taken back is what was bound');
  },
);

void t.test('a registrar that asks for no password is told the right contact all the same', { skip: REAL_SERVER }, async (t) => {
  const { s, registrar, binding } = await startBehindNat(t);
  await binding.register(3600);
  const own = `<sip:+4930123456@127.0.0.1:${s.sipPort}>`;
  t.same(contacts(registrar), [own, atSeen(PUBLIC), `${own};expires=0`]);
  await binding.register(3600);
  t.same(contacts(registrar).slice(3), [atSeen(PUBLIC)], 'a refresh is one request');
});

void t.test(
  'calls over such a trunk name the public address in Contact and SDP, others do not',
  { skip: REAL_SERVER },
  async (t) => {
    const { s, registrar, binding } = await startBehindNat(t);
    await binding.register(3600);
    const signal = new AbortController();
    const proxy = `sip:127.0.0.1:${registrar.peer.port};transport=udp`;
    const dialling = s.telephony.dial({
      uri: 'sip:+4912345@carrier.example',
      proxy,
      local: { rtpPort: 40_000, rtcpPort: 40_001 },
      onAgreement: () => {},
      signal: signal.signal,
    });
    const invite = await registrar.peer.request('INVITE');
    t.match(header(invite, 'Contact'), `@${PUBLIC.address}:${PUBLIC.port}>`);
    t.match(invite.body, `c=IN IP4 ${PUBLIC.address}\r\n`);
    registrar.peer.send(responseText(invite, 486, 'Busy Here', 'x'));
    t.match(await dialling, { answered: false });
  },
);

void t.test(
  'a registrar that takes one contact only gets the new one when the old one is gone',
  { skip: REAL_SERVER },
  async (t) => {
    const { registrar, binding } = await startBehindNat(t);
    let bound: string | undefined;
    registrar.answer = (register) => {
      const [contact = '', removed] = header(register, 'Contact').split(';expires=0');
      if (removed !== undefined) bound = bound === contact ? undefined : bound;
      else if (bound !== undefined && bound !== contact) return { status: 403 };
      else bound = contact;
      return granting(register, 3600);
    };
    await binding.register(3600);
    t.equal(bound, atSeen(PUBLIC));
    registrar.seenAs = OTHER;
    t.match(await binding.register(3600), { accepted: true });
    t.equal(bound, atSeen(OTHER));
  },
);
