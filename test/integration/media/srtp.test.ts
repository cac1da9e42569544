import { randomBytes } from 'node:crypto';
import t from 'tap';
import { FakeClock } from '../../../src/core/clock.js';
import type { AudioAgreement, MediaSession, SrtpKeys, SrtpSuite } from '../../../src/domain/ports/media.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { clearShare, sine } from '../../support/signal.js';

const KEY_BYTES: Record<SrtpSuite, number> = {
  AEAD_AES_256_GCM: 44,
  AEAD_AES_128_GCM: 28,
  AES_256_CM_HMAC_SHA1_80: 46,
  AES_CM_128_HMAC_SHA1_80: 30,
  AES_CM_128_HMAC_SHA1_32: 30,
};

const keysOf = (suite: SrtpSuite): SrtpKeys => ({
  suite,
  sendKey: randomBytes(KEY_BYTES[suite]),
  receiveKey: randomBytes(KEY_BYTES[suite]),
});
const turned = ({ suite, sendKey, receiveKey }: SrtpKeys): SrtpKeys => ({ suite, sendKey: receiveKey, receiveKey: sendKey });

function agreementWith(far: MediaSession, srtp: SrtpKeys | undefined, changes: Partial<AudioAgreement> = {}): AudioAgreement {
  return {
    codec: 'PCMU',
    payloadType: 0,
    clockRateHz: 8000,
    ptimeMs: 20,
    telephoneEvent: { payloadType: 101, clockRateHz: 8000 },
    remote: { address: '127.0.0.1', ...far.local },
    direction: 'sendrecv',
    srtp,
    ...changes,
  };
}

for (const suite of ['AEAD_AES_256_GCM', 'AES_256_CM_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const) {
  void t.test(`two engines hear each other under ${suite}, key presses and reports included`, async (t) => {
    const clock = new FakeClock();
    const [one, other] = [openTestEngine(t, { clock }), openTestEngine(t, { clock })];
    const [near, far] = [one.open(), other.open()];
    const keys = keysOf(suite);
    const pressed = new EventLog(far);
    near.setSource({ type: 'tone', hz: 440 });
    near.configure(agreementWith(far, keys));
    far.configure(agreementWith(near, turned(keys)));
    await until(() => far.heard() > 16_000, 'a second of audio');
    const heard = far.readHeard(far.heard() - 8000, far.heard());
    t.ok(clearShare(heard, 440, 16_000) > 0.9, `${clearShare(heard, 440, 16_000)} of it is the tone`);
    near.sendDigits('7');
    t.equal((await pressed.next('digit')).digit, '7');
    t.equal(far.stats().packetsUnauthentic, 0);
  });
}

void t.test('the same keys again go on where they were; new ones, and for a moment the old, are taken at once', async (t) => {
  const engine = openTestEngine(t);
  const [near, far] = [engine.open(), engine.open()];
  const keys = keysOf('AES_CM_128_HMAC_SHA1_80');
  near.configure(agreementWith(far, keys));
  far.configure(agreementWith(near, turned(keys)));
  await until(() => far.stats().packetsReceived > 20, 'packets');
  near.configure(agreementWith(far, { ...keys }));
  far.configure(agreementWith(near, turned(keys)));
  const before = far.stats().packetsReceived;
  await until(() => far.stats().packetsReceived > before + 20, 'packets after a refresh');
  t.equal(far.stats().packetsUnauthentic, 0);
  const fresh = keysOf('AEAD_AES_128_GCM');
  far.configure(agreementWith(near, turned(fresh)));
  const then = far.stats().packetsReceived;
  await until(() => far.stats().packetsReceived > then + 10, 'packets still under the old keys');
  near.configure(agreementWith(far, fresh));
  const sent = near.stats().packetsSent;
  await until(() => far.stats().packetsReceived > sent + 20, 'packets under the new keys');
  t.equal(far.stats().packetsUnauthentic, 0, 'none was refused');
});

void t.test('packets in the clear, and of another key, are counted and not heard', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement({ srtp: keysOf('AES_CM_128_HMAC_SHA1_80') }));
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.stats().packetsUnauthentic === 10, 'the refused packets');
  t.equal(session.heard(), 0);
  t.equal(session.stats().packetsReceived, 0);
  await peer.more(10);
  const packets = peer.audioPackets();
  t.ok(packets.length > 0, 'what we send is RTP');
  t.ok(
    packets.every(({ payload }) => payload.length === 170 && payload.subarray(0, 160).some((byte) => byte !== 0xff)),
    'with a tag behind it, and its silence cannot be seen',
  );
});

void t.test('a key that does not fit its suite is refused', async (t) => {
  const engine = openTestEngine(t);
  const [near, far] = [engine.open(), engine.open()];
  const keys = { suite: 'AEAD_AES_256_GCM' as const, sendKey: randomBytes(30), receiveKey: randomBytes(44) };
  t.throws(() => near.configure(agreementWith(far, keys)), /does not fit/);
});
