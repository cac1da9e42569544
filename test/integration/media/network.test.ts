import t from 'tap';
import { systemClock } from '../../../src/core/clock.js';
import { g711Encode } from '../../support/g711.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';

/** A 440 Hz tone in 20 ms payloads: it does not repeat from frame to frame, so a swapped or missing one is heard. */
const payloads = (count: number): Buffer[] => {
  const audio = sine(440, count * 20, 8000);
  return Array.from({ length: count }, (_, i) => g711Encode(audio.subarray(i * 160, (i + 1) * 160), 'PCMU'));
};

void t.test('reordered, duplicated and wrapping packets come out in order and once', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  const base = { sequence: 65_520, timestamp: 0xffff_f000 };
  const send = (i: number, payload: Buffer): void =>
    peer.sendPayload(payload, session.local.rtpPort, {
      sequence: (base.sequence + i) & 0xffff,
      timestamp: (base.timestamp + i * 160) >>> 0,
    });
  const all = payloads(50);
  for (let i = 0; i < 50; i += 2) {
    const [a, b] = [all[i], all[i + 1]];
    if (!a || !b) continue;
    if (i === 0) send(i, a);
    send(i + 1, b);
    if (i > 0) send(i, a);
    if (i % 10 === 0) send(i, a);
  }
  await until(() => session.heard() === 16_000, 'one second of audio');
  const heard = session.readHeard(0, 16_000);
  t.ok(toneShare(heard.subarray(320), 440, 16_000) > 0.98, `in order: ${toneShare(heard.subarray(320), 440, 16_000)}`);
  const stats = await session.close();
  t.equal(stats.packetsDuplicate, 5);
  t.equal(stats.packetsLost, 0);
  t.equal(stats.concealedSamples, 0);
});

void t.test('what is lost is concealed, at its place and in its length', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  for (const [i, payload] of payloads(50).entries()) {
    if (i === 20 || i === 30 || i === 31) {
      peer.sequence += 1;
      peer.timestamp += 160;
    } else {
      peer.sendPayload(payload, session.local.rtpPort);
    }
  }
  await until(() => session.heard() === 16_000, 'one second of audio, the lost parts included');
  const heard = session.readHeard(0, 16_000);
  t.ok(toneShare(heard.subarray(20 * 320 + 64, 21 * 320), 440, 16_000) > 0.5, 'the tone goes on through the loss');
  const stats = await session.close();
  t.equal(stats.packetsLost, 3);
  t.equal(stats.concealedSamples, 3 * 320);
});

void t.test('a pause of the sender becomes silence of the same length, but for time that never passed', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  peer.timestamp += 8000 / 2;
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.heard() === (200 + 500 + 200) * 16, 'half a second of silence between');
  t.ok(rms(session.readHeard(400 * 16, 600 * 16)) < 1);
  peer.timestamp += 8000 * 3600;
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.stats().packetsReceived === 30, 'all of it has come');
  const heardMs = session.heard() / 16;
  t.ok(heardMs >= 200 + 500 + 200 + 200 && heardMs <= 2100, `no hour in an instant, but ${heardMs} ms`);
});

void t.test('a new SSRC is a new stream and no loss', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  Object.assign(peer, { ssrc: 77, sequence: 5, timestamp: 9 });
  peer.sendBurst(sine(440, 200, 8000), session.local.rtpPort);
  await until(() => session.heard() === 400 * 16, 'both streams');
  t.equal((await session.close()).packetsLost, 0);
});

void t.test('a stranger neither is heard nor draws our audio away', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  const stranger = await RtpPeer.open();
  t.teardown(() => peer.close());
  t.teardown(() => stranger.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  peer.sendBurst(sine(440, 100, 8000), session.local.rtpPort);
  await events.next('latched');
  await Promise.all([
    stranger.play(sine(880, 400, 8000), session.local.rtpPort),
    peer.play(sine(440, 400, 8000), session.local.rtpPort),
  ]);
  await until(() => session.heard() === 500 * 16, 'the far end, alone');
  t.ok(toneShare(session.readHeard(1600, 8000), 440, 16_000) > 0.95);
  t.equal(stranger.received.length, 0, 'nothing was sent to the stranger');
  const stats = await session.close();
  t.equal(stats.packetsWrongSource, 20);
  t.equal(events.of('latched').length, 1);
});

void t.test('a caller behind NAT is taken up from another port than announced, after a probation', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  const announced = await RtpPeer.open();
  t.teardown(() => peer.close());
  t.teardown(() => announced.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.setSource({ type: 'tone', hz: 440 });
  session.configure(announced.agreement());
  await announced.more(2);
  t.equal(peer.received.length, 0);
  await peer.play(sine(440, 300, 8000), session.local.rtpPort);
  t.equal((await events.next('latched')).port, peer.port);
  await peer.more(5);
  const before = announced.received.length;
  await peer.more(5);
  t.ok(announced.received.length - before <= 1, 'audio goes where audio comes from');
});

void t.test('datagrams of every size and content, empty ones too, do no harm', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  let seed = 12_345;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return seed >> 16;
  };
  for (let size = 0; size < 300; size++) {
    peer.send(Buffer.from(Array.from({ length: size }, random)), session.local.rtpPort);
    const looksRight = Buffer.from(Array.from({ length: size }, random));
    if (size > 1) looksRight.set([0x80 | (random() & 0x3f), random() & 1 ? 0 : 101]);
    peer.send(looksRight, session.local.rtpPort);
    if (size % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  peer.send(Buffer.alloc(9000, 0x80), session.local.rtpPort);
  await until(() => session.stats().packetsMalformed > 100, 'garbage counted');
  peer.ssrc = 99;
  const before = session.heard();
  await peer.play(sine(440, 500, 8000), session.local.rtpPort);
  await until(() => session.heard() >= before + 8000, 'audio goes on');
  t.ok(toneShare(session.readHeard(session.heard() - 6400, session.heard()), 440, 16_000) > 0.9);
  t.ok(events.of('latched').length <= 1);
});

void t.test(
  'of a flood from the right source no more is decoded than a call could be, and the call goes on after it',
  async (t) => {
    const engine = openTestEngine(t);
    const peer = await RtpPeer.open();
    t.teardown(() => peer.close());
    const session = engine.open();
    session.configure(peer.agreement());
    const [frame = Buffer.alloc(0)] = payloads(1);
    const sent = 20_000;
    const startMs = systemClock.monotonicMs();
    for (let i = 0; i < sent; i += 1) {
      peer.sendPayload(frame, session.local.rtpPort);
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => session.stats().packetsOverRate > 1000, 'packets dropped');
    const { packetsReceived } = session.stats();
    const seconds = (systemClock.monotonicMs() - startMs) / 1000;
    t.ok(packetsReceived <= 400 + 200 * seconds, `${packetsReceived} in ${seconds} s`);
    peer.ssrc = 99;
    const before = session.heard();
    await peer.play(sine(440, 1000, 8000), session.local.rtpPort);
    await until(() => session.heard() >= before + 8000, 'audio goes on');
  },
);
