import t from 'tap';
import { g711Encode } from '../../support/g711.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { type ReceivedRtp, RtpPeer } from '../../support/rtp-peer.js';
import { sine, toneShare } from '../../support/signal.js';

const TICKS_PER_MS = 8;

/** How far apart the timestamps of packets that follow each other are, in ms. */
const stepsMs = (packets: readonly ReceivedRtp[]): number[] =>
  packets.slice(1).map((packet, i) => ((packet.timestamp - (packets[i]?.timestamp ?? 0)) >>> 0) / TICKS_PER_MS);

const inSequence = (packets: readonly ReceivedRtp[]): boolean =>
  packets.every((packet, i) => i === 0 || packet.sequence === (((packets[i - 1]?.sequence ?? 0) + 1) & 0xffff));

for (const ptimeMs of [10, 20, 30, 40, 60]) {
  void t.test(`${ptimeMs} ms to a packet are sent and heard, without a seam`, async (t) => {
    const engine = openTestEngine(t);
    const peer = await RtpPeer.open('PCMA');
    t.teardown(() => peer.close());
    const session = engine.open();
    const events = new EventLog(session);
    session.configure(peer.agreement({ ptimeMs }));
    session.playout.write(sine(440, 600, 16_000), 16_000);
    const spoken = sine(700, 600, 8000);
    const samples = ptimeMs * TICKS_PER_MS;
    for (let at = 0; at < spoken.length; at += samples) {
      peer.sendPayload(g711Encode(spoken.subarray(at, at + samples), 'PCMA'), session.local.rtpPort, {}, samples);
    }
    await events.next('drained');
    await peer.until(() => peer.audioPackets().length > 600 / ptimeMs, 'all of it and more');
    const packets = peer.audioPackets();
    t.ok(
      packets.every(({ payload }) => payload.length === samples),
      'each packet holds its time',
    );
    // A machine that stands still leaves packets out, and their time too.
    const skipped = engine.figures().ticksSkipped > 0;
    t.ok(
      stepsMs(packets).every((step) => (skipped ? step % ptimeMs === 0 : step === ptimeMs)),
      'begins where the one before ends',
    );
    t.ok(inSequence(packets));
    t.same(
      packets.flatMap(({ marker }, i) => (marker ? [i] : [])),
      [0],
      'one talkspurt',
    );
    const sounding = peer.heard().findIndex((sample) => Math.abs(sample) > 1000);
    const share = toneShare(peer.heard().slice(sounding + 80, sounding + 4400), 440, 8000);
    t.ok(share > 0.97, `440 Hz share ${share}`);
    await until(() => session.heard() === 9600, 'all heard');
    t.ok(toneShare(session.readHeard(800, 9600), 700, 16_000) > 0.97);
    t.equal(session.stats().packetsLost, 0);
  });
}

for (const clockRateHz of [8000, 16_000, 48_000]) {
  void t.test(`key presses on a clock of ${clockRateHz} Hz keep to the packet time and last as long as ever`, async (t) => {
    const engine = openTestEngine(t);
    const peer = await RtpPeer.open();
    t.teardown(() => peer.close());
    const listener = engine.open();
    const session = engine.open();
    const heard = new EventLog(listener);
    const agreement = (port: number, ptimeMs: number) =>
      peer.agreement({
        ptimeMs,
        telephoneEvent: { payloadType: 101, clockRateHz },
        remote: { address: '127.0.0.1', rtpPort: port, rtcpPort: port + 1 },
      });
    listener.configure(agreement(session.local.rtpPort, 60));
    session.configure(agreement(listener.local.rtpPort, 30));
    session.sendDigits('17', { durationMs: 150, gapMs: 60 });
    t.match(await heard.next('digit'), { digit: '1', durationMs: 150 });
    t.match(await heard.next('digit', 2), { digit: '7', durationMs: 150 });
  });
}

void t.test('another packet time in mid-call goes on in the same numbers', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement({ ptimeMs: 20 }));
  session.setSource({ type: 'tone', hz: 440 });
  await peer.more(10);
  session.configure(peer.agreement({ ptimeMs: 60 }));
  await peer.until(() => peer.audioPackets().filter(({ payload }) => payload.length === 480).length >= 5, 'long packets');
  const packets = peer.audioPackets();
  t.ok(inSequence(packets));
  t.equal(new Set(packets.map(({ ssrc }) => ssrc)).size, 1);
  const first = packets.findIndex(({ payload }) => payload.length === 480);
  t.same(
    packets.flatMap(({ marker }, i) => (marker ? [i] : [])),
    [0, first],
    'a talkspurt begins with the first of them',
  );
  const gapMs = stepsMs(packets)[first - 1] ?? 0;
  t.ok(gapMs > 0 && gapMs % 5 === 0, `${gapMs} ms from the last short packet to the first long one`);
  t.ok(stepsMs(packets.slice(first)).every((step) => step % 60 === 0));
});

void t.test('after a hold the timestamp has gone on, and the marker says that speech begins', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  session.setSource({ type: 'tone', hz: 440 });
  await peer.more(5);
  session.configure(peer.agreement({ direction: 'inactive' }));
  await peer.play(sine(700, 200, 8000), session.local.rtpPort);
  session.configure(peer.agreement());
  await peer.until(() => peer.audioPackets().some(({ marker }, i) => marker && i > 0), 'another talkspurt');
  const packets = peer.audioPackets();
  t.ok(inSequence(packets), 'nothing seems lost');
  const resumed = packets.findIndex(({ marker }, i) => marker && i > 0);
  const gapMs = stepsMs(packets)[resumed - 1] ?? 0;
  t.ok(gapMs >= 180, `${gapMs} ms passed on hold`);
});
