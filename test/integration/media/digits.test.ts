import t from 'tap';
import type { AudioAgreement, MediaSession } from '../../../src/domain/ports/media.js';
import { EventLog, openTestEngine } from '../../support/media.js';
import { type ReceivedRtp, RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine } from '../../support/signal.js';

const EVENT = 101;

/** The packets of one RFC 4733 press: `updates` of growing duration, then the end three times. No marker bit. */
function sendPress(
  peer: RtpPeer,
  port: number,
  event: number,
  options: { updates?: number; ticks?: number; ends?: number } = {},
): void {
  const { updates = 4, ticks = 160, ends = 3 } = options;
  const { timestamp } = peer;
  for (let i = 1; i <= updates + ends; i++) {
    const ended = i > updates;
    const payload = Buffer.alloc(4);
    payload.writeUInt8(event, 0);
    payload.writeUInt8(ended ? 0x8a : 0x0a, 1);
    payload.writeUInt16BE(Math.min(i, updates + 1) * ticks, 2);
    peer.sendPayload(payload, port, { payloadType: EVENT, timestamp }, ticks);
  }
}

void t.test('each press is told once, without a marker bit and with its end sent three times', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  peer.sendBurst(sine(440, 100, 8000), session.local.rtpPort);
  for (const event of [1, 1, 10, 11, 15]) sendPress(peer, session.local.rtpPort, event);
  peer.sendBurst(sine(440, 100, 8000), session.local.rtpPort);
  await events.next('digit', 5);
  t.same(
    events.of('digit').map((event) => event.digit),
    ['1', '1', '*', '#', 'D'],
  );
  t.same(new Set(events.of('digit').map((event) => Math.round(event.durationMs))), new Set([100]));
  const stats = await session.close();
  t.equal(stats.packetsLost, 0, 'presses are not taken for loss');
  t.equal(events.of('digit').length, 5, 'and none is told twice');
});

void t.test('a press whose every end is lost is told all the same, on a 48 kHz clock too', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement({ telephoneEvent: { payloadType: EVENT, clockRateHz: 48_000 } }));
  peer.sendBurst(sine(440, 100, 8000), session.local.rtpPort);
  sendPress(peer, session.local.rtpPort, 5, { ends: 0, ticks: 960 });
  const digit = await events.next('digit');
  t.equal(digit.digit, '5');
  t.equal(Math.round(digit.durationMs), 80);
});

void t.test('a stranger cannot press keys', async (t) => {
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
  sendPress(stranger, session.local.rtpPort, 9);
  sendPress(peer, session.local.rtpPort, 3);
  await events.next('digit');
  const stats = await session.close();
  t.same(
    events.of('digit').map((event) => event.digit),
    ['3'],
  );
  t.equal(stats.packetsWrongSource, 7);
});

void t.test('digits are sent after what is queued before them and before what is queued after', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  const events = new EventLog(session);
  session.configure(peer.agreement());
  session.playout.write(sine(440, 200, 16_000), 16_000);
  session.sendDigits('7#', { durationMs: 100, gapMs: 60 });
  session.playout.write(sine(880, 200, 16_000), 16_000);
  await events.next('drained');
  await peer.more(3);

  const presses = new Map<number, ReceivedRtp[]>();
  for (const packet of peer.received.filter((each) => each.payloadType === EVENT)) {
    presses.set(packet.timestamp, [...(presses.get(packet.timestamp) ?? []), packet]);
  }
  t.same(
    [...presses.values()].map((packets) => packets[0]?.payload[0]),
    [7, 11],
  );
  for (const packets of presses.values()) {
    t.same(
      packets.map((packet) => packet.marker),
      packets.map((_, i) => i === 0),
      'the marker opens a press',
    );
    t.equal(packets.filter((packet) => ((packet.payload[1] ?? 0) & 0x80) !== 0).length, 3, 'the end is sent three times');
    t.equal(packets.at(-1)?.payload.readUInt16BE(2), 800, '100 ms');
  }
  const order = peer.received.toSorted((a, b) => a.sequence - b.sequence);
  const firstPress = order.findIndex((packet) => packet.payloadType === EVENT);
  const lastPress = order.findLastIndex((packet) => packet.payloadType === EVENT);
  // Half of the tone's level: the filter's tail of 1.4 ms falls into the packet behind.
  const loud = (packet: (typeof order)[number]): boolean => packet.payloadType === 0 && rms(peer.decode(packet)) > 2800;
  t.equal(order.slice(0, firstPress).filter(loud).length, 10, 'the 200 ms before');
  t.equal(order.slice(firstPress, lastPress).filter(loud).length, 0, 'nothing meanwhile');
  t.equal(order.slice(lastPress).filter(loud).length, 10, 'the 200 ms behind');
});

/** Two sessions that are each other's far end. */
function talking(t: Parameters<typeof openTestEngine>[0], peer: RtpPeer, agreed: Partial<AudioAgreement>[]): MediaSession[] {
  const engine = openTestEngine(t);
  const [a, b] = [engine.open(), engine.open()];
  const towards = ({ local }: MediaSession): AudioAgreement['remote'] => ({ address: '127.0.0.1', ...local });
  a.configure(peer.agreement({ remote: towards(b), ...agreed[0] }));
  b.configure(peer.agreement({ remote: towards(a), ...agreed[1] }));
  return [a, b];
}

void t.test('in band, keys are pressed and understood as tones, in every codec, and our own never as theirs', async (t) => {
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const inBand = { telephoneEvent: undefined, inBandDigits: true };
  for (const line of [
    { codec: 'PCMA', payloadType: 8 },
    { codec: 'G722', payloadType: 9, ptimeMs: 30 },
    { codec: 'opus', payloadType: 111, clockRateHz: 48_000 },
  ] as const) {
    const [a, b] = talking(t, peer, [
      { ...line, ...inBand },
      { ...line, ...inBand },
    ]);
    if (!a || !b) throw new Error('no session');
    const [here, there] = [new EventLog(a), new EventLog(b)];
    // What a hybrid on the line would do.
    b.setSource({ type: 'echo' });
    a.playout.write(sine(440, 100, 16_000), 16_000);
    a.sendDigits('15*D#');
    a.playout.write(sine(880, 200, 16_000), 16_000);
    await here.next('drained');
    await there.next('digit', 5);
    t.same(
      there
        .of('digit')
        .map(({ digit }) => digit)
        .join(''),
      '15*D#',
      line.codec,
    );
    for (const { durationMs } of there.of('digit')) t.ok(Math.abs(durationMs - 100) <= 20, `${durationMs} ms`);
    b.setSource({ type: 'queue' });
    b.sendDigits('7');
    await here.next('digit');
    t.same(
      here.of('digit').map(({ digit }) => digit),
      ['7'],
      'not those that came back',
    );
  }
});

void t.test('where keys come as events, tones in the audio are no keys', async (t) => {
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const [a, b] = talking(t, peer, [{ telephoneEvent: undefined, inBandDigits: true }, {}]);
  if (!a || !b) throw new Error('no session');
  const there = new EventLog(b);
  a.sendDigits('12');
  a.playout.write(sine(880, 100, 16_000), 16_000);
  await new EventLog(a).next('drained');
  a.configure(peer.agreement({ remote: { address: '127.0.0.1', ...b.local } }));
  a.sendDigits('3');
  t.equal((await there.next('digit')).digit, '3');
  t.equal(there.of('digit').length, 1);
});
