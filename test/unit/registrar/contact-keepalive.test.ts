import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import { DEFAULT_TENANT, newPhoneId } from '../../../src/core/ids.js';
import type { ContactBinding } from '../../../src/domain/contact-binding.js';
import { HOME } from '../../support/register-request.js';
import { newRegistrarSet } from '../../support/registrar-set.js';

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function start(transport = 'udp') {
  const clock = new FakeClock();
  const set = newRegistrarSet({ pingMs: 10_000, pingFailures: 3 }, clock);
  const nowMs = clock.nowMs();
  const binding: ContactBinding = {
    owner: { kind: 'phone', id: newPhoneId() },
    tenantId: DEFAULT_TENANT,
    key: 'k',
    uri: 'sip:alice@10.0.0.1',
    q: 1,
    source: { ...HOME, transport },
    path: [],
    userAgent: undefined,
    callId: 'c',
    sequence: 1,
    registeredAtMs: nowMs,
    refreshedAtMs: nowMs,
    expiresAtMs: nowMs + 3_600_000,
  };
  const put = (changes: Partial<ContactBinding> = {}) =>
    set.locations.change(binding.owner, () => ({ put: [{ ...binding, ...changes }], removed: [] }));
  await put();
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await settle();
  };
  return { ...set, clock, put, pass, there: () => set.locations.of(binding.owner.id).length };
}

void t.test('a contact is asked again and again, on the way it came, and the first time sooner', async (t) => {
  const { signalling, pass } = await start();
  await pass(5000);
  t.match(signalling.pinged, [{ uri: 'sip:alice@10.0.0.1', proxy: 'sip:192.0.2.1:5060' }]);
  await pass(9999);
  t.equal(signalling.pinged.length, 1);
  await pass(1);
  t.equal(signalling.pinged.length, 2);
});

void t.test('three silences in a row end it; an answer or a refresh in between begins the count anew', async (t) => {
  const { signalling, pass, put, there } = await start();
  signalling.ping = 'silent';
  await pass(5000);
  await pass(10_000);
  signalling.ping = 'answered';
  await pass(10_000);
  signalling.ping = 'silent';
  await pass(10_000);
  await pass(10_000);
  await put({ sequence: 2 });
  await pass(10_000);
  await pass(10_000);
  t.equal(there(), 1);
  await pass(10_000);
  t.equal(there(), 0);
  const asked = signalling.pinged.length;
  await pass(60_000);
  t.equal(signalling.pinged.length, asked, 'who is gone is asked no more');
});

void t.test('a connection that is gone ends it at once, an unreachable datagram address does not', async (t) => {
  for (const [transport, left] of [
    ['tcp', 0],
    ['wss', 0],
    ['udp', 1],
  ] as const) {
    const { signalling, pass, there } = await start(transport);
    signalling.ping = 'unreachable';
    await pass(5000);
    t.equal(there(), left, transport);
  }
});

void t.test('a ping that fails while the phone registers anew ends nothing', async (t) => {
  const { signalling, pass, put, there, clock } = await start('tcp');
  let answer: (ping: 'unreachable') => void = () => {};
  signalling.pingContact = () => new Promise((resolve) => (answer = resolve));
  await pass(5000);
  await put({ source: { ...HOME, port: 999, transport: 'tcp' } });
  answer('unreachable');
  await settle();
  t.equal(there(), 1);
  signalling.pingContact = () => Promise.resolve('unreachable');
  clock.advance(10_000);
  await settle();
  t.equal(there(), 0, 'the new way is asked in its turn');
});

void t.test('after close nobody is asked', async (t) => {
  const { signalling, pass, registrar } = await start();
  registrar.close();
  await pass(60_000);
  t.equal(signalling.pinged.length, 0);
});
