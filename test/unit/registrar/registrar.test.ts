import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newPhoneId } from '../../../src/core/ids.js';
import type { RegisterWish } from '../../../src/domain/ports/registrar-signalling.js';
import type { Peer } from '../../../src/domain/ports/telephony.js';
import { contact, FakeRegister, proof } from '../../support/register-request.js';
import { newRegistrarSet } from '../../support/registrar-set.js';

const ALICE = { username: 'alice', password: 'wonderland' };
const DESK = 'sip:alice@10.0.0.1:5060';
const MOBILE = 'sip:alice@10.0.0.2:5060';

async function start(maxContacts = 5) {
  const clock = new FakeClock();
  const set = newRegistrarSet({}, clock);
  const owner = { kind: 'phone', id: newPhoneId() } as const;
  const draft = { tenantId: DEFAULT_TENANT, maxContacts, callProof: 'digest' } as const;
  set.accounts.changed(owner, { ...draft, user: ALICE.username, password: ALICE.password });
  await set.start();
  let sequence = 1;
  /** Registers with the right password. */
  const register = async (wish: Partial<RegisterWish>, source?: Peer) => {
    sequence += 1;
    const request = new FakeRegister({ sequence, ...wish });
    request.credentials = [proof(set.authenticator.challenges(false)[0]!, ALICE)];
    if (source) request.source = source;
    set.signalling.register(request);
    const answer = await request.answered;
    await new Promise(setImmediate);
    return answer;
  };
  const uris = (): string[] => set.locations.of(owner.id).map(({ uri }) => uri);
  return { ...set, clock, owner, register, uris };
}

void t.test('who proves the password is registered, for as long as was asked for within the limits', async (t) => {
  const { register, uris, answers, signalling } = await start();
  const unproven = new FakeRegister({});
  signalling.register(unproven);
  t.match(await unproven.answered, { is: 'challenged' });
  t.match(await register({}), { is: 'accepted', contacts: [{ uri: DESK, q: 1, expiresS: 1800 }] }, 'the usual time');
  t.match(await register({ expiresS: 600 }), { contacts: [{ expiresS: 600 }] });
  t.match(await register({ expiresS: 600, contacts: [contact(DESK, { expiresS: 120 })] }), { contacts: [{ expiresS: 120 }] });
  t.match(await register({ expiresS: 100_000 }), { contacts: [{ expiresS: 3600 }] }, 'the most there is');
  t.match(await register({ expiresS: 59 }), { is: 'refused', status: 423, headers: { 'Min-Expires': '60' } });
  t.same(uris(), [DESK]);
  t.match(await register({ contacts: [] }), { is: 'accepted', contacts: [{ uri: DESK }] }, 'only asks');
  t.same(answers, ['challenged', 'accepted', 'accepted', 'accepted', 'accepted', 'refused', 'accepted']);
});

void t.test('nobody registers for somebody else, without the password, or with what cannot be read', async (t) => {
  const { register, uris, signalling } = await start();
  t.match(await register({ user: 'bob' }), { is: 'refused', status: 403 });
  const guess = new FakeRegister({});
  guess.credentials = [proof({ realm: 'test', nonce: 'n', algorithm: 'MD5' }, { username: 'alice', password: 'guess' })];
  signalling.register(guess);
  t.match(await guess.answered, { is: 'refused', status: 403 });
  const broken = new FakeRegister(undefined);
  signalling.register(broken);
  t.match(await broken.answered, { is: 'refused', status: 400 });
  t.same(uris(), []);
});

void t.test('several contacts stand in the order of preference; each is taken back alone, or all by *', async (t) => {
  const { register, uris } = await start();
  await register({ contacts: [contact(DESK, { q: 0.5 }), contact(MOBILE, { q: 0.9 })] });
  t.same(uris(), [MOBILE, DESK]);
  t.match(await register({ contacts: [contact(MOBILE, { expiresS: 0 })] }), { contacts: [{ uri: DESK }] });
  await register({ callId: 'two', contacts: [contact(MOBILE)] });
  t.match(await register({ contacts: '*', expiresS: 60 }), { is: 'refused', status: 400 }, '* needs Expires 0');
  t.same(uris(), [MOBILE, DESK]);
  t.match(await register({ contacts: '*', expiresS: 0 }), { is: 'accepted', contacts: [] });
  t.same(uris(), []);
});

void t.test('a request that is older than what it would change changes nothing, all of it or none', async (t) => {
  const { register, uris } = await start();
  await register({ callId: 'c', sequence: 10 });
  t.match(await register({ callId: 'c', sequence: 10, expiresS: 0 }), { is: 'refused', status: 500 });
  t.match(await register({ callId: 'c', sequence: 9, contacts: '*', expiresS: 0 }), { is: 'refused', status: 500 });
  t.match(await register({ callId: 'c', sequence: 9, contacts: [contact(MOBILE), contact(DESK)] }), { is: 'refused' });
  t.same(uris(), [DESK], 'the mobile did not slip in');
  t.match(await register({ contacts: [contact(MOBILE), contact(DESK, { expiresS: 5 })] }), { status: 423 });
  t.same(uris(), [DESK]);
  t.match(await register({ callId: 'after a reboot', sequence: 1 }), { is: 'accepted' });
});

void t.test('the same contact is known by its URI as RFC 3261 compares it, or by its instance wherever it is', async (t) => {
  const { register, uris } = await start();
  await register({ contacts: [contact('sip:alice@Host.Example:5060;transport=tcp;line=1')] });
  await register({ contacts: [contact('sip:alice@host.example:5060;line=2;transport=TCP')] });
  t.same(uris(), ['sip:alice@host.example:5060;line=2;transport=TCP']);
  await register({ contacts: [contact('sip:ALICE@host.example:5060;transport=tcp')] });
  t.equal(uris().length, 2, 'user parts differ by case');
  await register({ contacts: '*', expiresS: 0 });
  const instance = '<urn:uuid:1>';
  await register({ contacts: [contact('sip:alice@10.0.0.1:1111', { instance })] });
  await register({ callId: 'moved', contacts: [contact('sip:alice@10.0.0.9:2222', { instance })] });
  t.same(uris(), ['sip:alice@10.0.0.9:2222']);
});

void t.test('one contact more than may be takes the place of the oldest', async (t) => {
  const { register, uris, clock, contacts } = await start(2);
  for (const port of [1, 2, 3]) {
    clock.advance(1000);
    await register({ callId: `c${port}`, contacts: [contact(`sip:alice@10.0.0.1:${port}`)] });
  }
  t.same(uris(), ['sip:alice@10.0.0.1:3', 'sip:alice@10.0.0.1:2']);
  t.equal(contacts.stored.size, 2);
});

void t.test('what has expired is not there any more, and is swept from the storage', async (t) => {
  const { register, uris, clock, contacts, locations } = await start();
  await register({ expiresS: 60 });
  t.same(locations.registered(), { phone: 1, trunk: 0 });
  clock.advance(59_999);
  t.equal(uris().length, 1);
  clock.advance(1);
  t.equal(uris().length, 0);
  clock.advance(10_000);
  await new Promise(setImmediate);
  t.equal(contacts.stored.size, 0);
  t.same(locations.registered(), { phone: 0, trunk: 0 });
});

void t.test('what is registered survives a restart', async (t) => {
  const { register, contacts, clock, accounts } = await start();
  await register({ expiresS: 600, userAgent: 'Desk/2', path: ['<sip:edge.example;lr>'] });
  const after = newRegistrarSet({}, clock);
  for (const [key, binding] of contacts.stored) after.contacts.stored.set(key, binding);
  await after.start();
  const owner = accounts.byUser('alice')!.owner;
  t.match(after.locations.of(owner.id), [{ uri: DESK, userAgent: 'Desk/2', path: ['<sip:edge.example;lr>'] }]);
});

void t.test('a registration that could not be stored did not happen', async (t) => {
  const { register, uris, contacts, answers } = await start();
  contacts.fault = new Error('disk full');
  t.match(await register({}), { is: 'refused', status: 500, headers: { 'Retry-After': '30' } });
  t.same(uris(), []);
  contacts.fault = undefined;
  t.match(await register({}), { is: 'accepted' });
  t.same(answers, ['failed', 'accepted']);
});

void t.test('a phone is reached where it registered from, or through the proxies in between', async (t) => {
  const { register, phoneBook } = await start();
  const at = (transport: string, address = '203.0.113.7'): Peer => ({ address, port: 40_000, transport });
  const wayTo = async (source: Peer, path: string[] = []) => {
    await register({ path }, source);
    return phoneBook.resolve(DEFAULT_TENANT, 'alice');
  };
  t.same(await wayTo(at('udp')), [{ uri: DESK, q: 1, proxy: 'sip:203.0.113.7:40000', headers: {} }]);
  t.match(await wayTo(at('tls')), [{ proxy: 'sip:203.0.113.7:40000;transport=tls' }]);
  t.match(await wayTo(at('ws', '2001:db8::7')), [{ proxy: 'sip:[2001:db8::7]:40000;transport=ws' }]);
  t.same(await wayTo(at('udp'), ['<sip:a.example;lr>', '<sip:b.example;lr>']), [
    { uri: DESK, q: 1, proxy: undefined, headers: { Route: '<sip:a.example;lr>, <sip:b.example;lr>' } },
  ]);
});

void t.test('the phone book knows the phones of a tenant, and which URIs are of this server', async (t) => {
  const { phoneBook, register, accounts, owner } = await start();
  t.same(phoneBook.resolve(DEFAULT_TENANT, 'alice'), [], 'not registered');
  await register({});
  t.equal(phoneBook.resolve(DEFAULT_TENANT, 'alice')?.length, 1);
  t.equal(phoneBook.resolve('other' as never, 'alice'), undefined);
  t.equal(phoneBook.resolve(DEFAULT_TENANT, 'bob'), undefined);
  t.equal(phoneBook.localUser('sip:alice@PBX.example:5060;transport=tcp'), 'alice');
  const foreigners = [
    'sip:alice@elsewhere.example',
    '+4930',
    'sip:pbx.example',
    'alice@pbx.example',
    'sip:alice@pbx.example:5066',
  ];
  for (const foreign of [...foreigners, 'sip:alice@pbx.example:x', 'sip:alice@pbx.example:5060.evil.example']) {
    t.equal(phoneBook.localUser(foreign), undefined, foreign);
  }
  accounts.changed(owner, undefined);
  t.equal(phoneBook.resolve(DEFAULT_TENANT, 'alice'), undefined);
});

void t.test('a user name belongs to one account at a time', async (t) => {
  const { accounts, owner } = await start();
  const other = { kind: 'trunk', id: 'trunk' as never } as const;
  const draft = { tenantId: DEFAULT_TENANT, user: 'alice', password: 'p', maxContacts: 1, callProof: 'digest' } as const;
  t.ok(accounts.isTaken('alice', other.id));
  t.notOk(accounts.isTaken('alice', owner.id));
  t.notOk(accounts.changed(other, draft));
  t.equal(accounts.byUser('alice')?.owner, owner);
  accounts.changed(owner, undefined);
  t.ok(accounts.changed(other, draft));
  t.same(accounts.byUser('alice')?.owner, other);
});
