import { readdirSync } from 'node:fs';
import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { AppError } from '../../../src/core/errors.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';

const openFiles = (): number => readdirSync('/proc/self/fd').length;

void t.test('2,000 sessions opened and closed leave no descriptor and no port behind', async (t) => {
  const engine = openTestEngine(t, { capacity: 50, rtpPorts: { min: 20_000, max: 29_999 } });
  const before = openFiles();
  for (let round = 0; round < 40; round++) {
    const sessions = Array.from({ length: 50 }, () => engine.open());
    t.equal(new Set(sessions.map((session) => session.local.rtpPort)).size, 50);
    await Promise.all(sessions.map((session) => session.close()));
  }
  t.same(engine.usage(), { open: 0, capacity: 50 });
  t.equal(openFiles(), before);
});

void t.test('a port rests before it is used again, and an exhausted range says so', async (t) => {
  const engine = openTestEngine(t, { capacity: 10, rtpPorts: { min: 30_100, max: 30_103 } });
  const sessions = [engine.open(), engine.open()];
  t.throws(() => engine.open(), new AppError('media_ports_exhausted', 'no free slot or RTP port pair'));
  const ports = new Set(sessions.map((session) => session.local.rtpPort));
  t.same(ports, new Set([30_100, 30_102]));
  await sessions[0]?.close();
  const closedMs = systemClock.monotonicMs();
  t.throws(() => engine.open(), AppError, 'the port rests');
  let again: ReturnType<typeof engine.open> | undefined;
  await until(() => {
    try {
      again = engine.open();
    } catch {
      return false;
    }
    return true;
  }, 'the port is free again');
  t.ok(systemClock.monotonicMs() - closedMs >= 1990, 'after two seconds');
  t.ok(ports.has(again?.local.rtpPort ?? 0));
});

void t.test('a closed session is harmless to whoever still holds it', async (t) => {
  const engine = openTestEngine(t);
  const session = engine.open();
  session.playout.write(sine(440, 100, 16_000), 16_000);
  const [first, second] = [session.close(), session.close()];
  t.equal(first, second, 'closing is idempotent');
  const stats = await first;
  t.equal(stats.packetsReceived, 0);
  t.same(session.stats(), stats);
  t.equal(session.playout.write(new Int16Array(100), 16_000), 0);
  t.equal(session.playout.flush(20), 0);
  t.equal(session.playout.queued(), 0);
  t.equal(session.readHeard(0, 100).length, 0);
  t.equal(session.arrivalMs(0), undefined);
  session.sendDigits('1');
  session.setSource({ type: 'echo' });
});

void t.test('hold: we send only where the direction lets us, hear only where it lets them, and go on afterwards', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  session.playout.write(sine(440, 2000, 16_000), 16_000);
  await peer.play(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.heard() === 3200, 'heard while active');

  session.configure(peer.agreement({ direction: 'recvonly' }));
  await peer.play(sine(440, 200, 8000), session.local.rtpPort);
  const heldAt = session.playout.position();
  const sent = peer.received.length;
  await peer.play(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.heard() === 9600, 'heard on hold');
  t.equal(session.playout.position(), heldAt, 'playout stands still');
  t.equal(peer.received.length, sent, 'nothing is sent');

  session.configure(peer.agreement({ direction: 'sendonly' }));
  await peer.play(sine(440, 200, 8000), session.local.rtpPort);
  await peer.more(3);
  t.equal(session.heard(), 9600, 'what they must not send is not heard');

  session.configure(peer.agreement({ direction: 'inactive' }));
  await peer.play(sine(440, 100, 8000), session.local.rtpPort);
  const silentAt = peer.received.length;
  await peer.play(sine(440, 100, 8000), session.local.rtpPort);
  t.equal(peer.received.length, silentAt);

  session.configure(peer.agreement());
  await events.next('drained');
  t.equal(session.playout.position(), 32_000, 'all of it was sent in the end');
});

for (const codec of ['PCMU', 'PCMA'] as const) {
  void t.test(`${codec} carries a tone both ways`, async (t) => {
    const engine = openTestEngine(t);
    const peer = await RtpPeer.open(codec);
    t.teardown(() => peer.close());
    const session = engine.open();
    session.configure(peer.agreement());
    session.playout.write(sine(880, 1000, 48_000), 48_000);
    await peer.play(sine(440, 600, 8000), session.local.rtpPort);
    await until(() => session.heard() === 9600, 'all heard');
    t.ok(toneShare(session.readHeard(800, 9600), 440, 16_000) > 0.98);
    const share = toneShare(peer.heard(3).slice(0, 3200), 880, 8000);
    t.ok(share > 0.97, `880 Hz share ${share}`);
  });
}

void t.test('Opus carries a tone from session to session', async (t) => {
  const engine = openTestEngine(t);
  const [speaker, listener] = [engine.open(), engine.open()];
  const agreement = (port: number) => ({
    codec: 'opus' as const,
    payloadType: 111,
    clockRateHz: 48_000,
    ptimeMs: 20,
    telephoneEvent: { payloadType: 110, clockRateHz: 48_000 },
    remote: { address: '127.0.0.1', rtpPort: port, rtcpPort: port + 1 },
    direction: 'sendrecv' as const,
  });
  const digits = new EventLog(listener);
  speaker.configure(agreement(listener.local.rtpPort));
  listener.configure(agreement(speaker.local.rtpPort));
  speaker.playout.write(sine(440, 1000, 16_000), 16_000);
  speaker.sendDigits('8');
  t.equal((await digits.next('digit')).digit, '8');
  await until(() => listener.heard() >= 16_000, 'one second heard');
  const heard = listener.readHeard(0, 16_000);
  const loud = heard.findIndex((sample) => Math.abs(sample) > 2000);
  t.ok(toneShare(heard.slice(loud + 1600, loud + 11_200), 440, 16_000) > 0.95);
  t.ok(rms(heard.slice(loud + 1600, loud + 11_200)) > 3000);
  t.equal((await listener.close()).packetsLost, 0);
});
