import t from 'tap';
import type { AudioAgreement, OpusTerms } from '../../../src/domain/ports/media.js';
import { EventLog, openTestEngine, until } from '../../support/media.js';
import { type ReceivedRtp, RtpPeer } from '../../support/rtp-peer.js';
import { rms, sine, toneShare } from '../../support/signal.js';

const COMFORT_NOISE = 13;
const OPUS_TERMS: OpusTerms = {
  maxAverageBitrateBps: 24_000,
  maxPlaybackRateHz: 16_000,
  inBandFec: false,
  dtx: true,
  constantBitrate: false,
};

const ticksBetween = (one: ReceivedRtp | undefined, next: ReceivedRtp | undefined): number =>
  one && next ? (next.timestamp - one.timestamp) >>> 0 : 0;

void t.test(
  'where it was agreed, our silence is named rather than sent, and speech after it is marked and in its time',
  async (t) => {
    const engine = openTestEngine(t);
    const peer = await RtpPeer.open();
    t.teardown(() => peer.close());
    const session = engine.open();
    const events = new EventLog(session);
    session.configure(peer.agreement({ comfortNoise: { payloadType: COMFORT_NOISE, sends: true } }));
    session.playout.write(sine(440, 400, 16_000), 16_000);
    await events.next('drained');
    const noise = (): ReceivedRtp[] => peer.received.filter(({ payloadType }) => payloadType === COMFORT_NOISE);
    await peer.until(() => noise().length >= 3, 'a second of silence');
    const spoken = peer.audioPackets().length;
    session.playout.write(sine(440, 400, 16_000), 16_000);
    await events.next('drained', 2);
    await peer.until(() => peer.audioPackets().length >= spoken + 20, 'speech again');

    const packets = peer.received.toSorted((a, b) => ((a.sequence - b.sequence + 0x8000) & 0xffff) - 0x8000);
    t.ok(
      packets.every((packet, i) => i === 0 || packet.sequence === (((packets[i - 1]?.sequence ?? 0) + 1) & 0xffff)),
      'none is missing',
    );
    t.ok(noise().every(({ payload, marker }) => payload.length === 1 && (payload[0] ?? 0) === 65 && !marker));
    const [first, second] = noise();
    t.ok(ticksBetween(first, second) >= 4000, 'half a second is left out at a time');
    const audio = peer.audioPackets();
    t.same(
      audio.flatMap(({ marker }, i) => (marker ? [i] : [])),
      [0, spoken],
      'two talkspurts',
    );
    t.ok(ticksBetween(audio[spoken - 1], audio[spoken]) > 8000, 'time went on between them');
    t.ok(ticksBetween(packets[0], audio[spoken]) % 160 === 0, 'on the beat');
    t.ok(rms(peer.decode(audio[spoken + 5] as ReceivedRtp)) > 3000);
  },
);

void t.test('comfort noise that comes in is heard as noise, in its length, and is no loss', async (t) => {
  const engine = openTestEngine(t);
  const peer = await RtpPeer.open();
  t.teardown(() => peer.close());
  const session = engine.open();
  session.configure(peer.agreement());
  const { rtpPort } = session.local;
  peer.sendBurst(sine(440, 200, 8000), rtpPort);
  peer.sendPayload(Uint8Array.of(30), rtpPort, { payloadType: COMFORT_NOISE });
  peer.timestamp += 3 * 800 - 160;
  peer.sendBurst(sine(440, 200, 8000), rtpPort);
  await until(() => session.heard() >= 11_200, 'all heard');
  t.equal(session.heard(), 11_200, '200 ms of speech, 300 ms of noise, 200 ms of speech');
  const heard = session.readHeard(0, 11_200);
  const noise = heard.slice(4000, 7600);
  const level = 20 * Math.log10(rms(noise) / 32_768);
  t.ok(Math.abs(level + 30) < 3, `${level} dBov, of -30`);
  t.ok(toneShare(noise, 440, 16_000) < 0.1, 'and no tone');
  t.ok(toneShare(heard.slice(8800), 440, 16_000) > 0.95, 'the speech after it is as it was');
  const stats = session.stats();
  t.match(stats, { packetsLost: 0, packetsMalformed: 0, packetsWrongSource: 0, concealedSamples: 0, packetsReceived: 21 });
});

void t.test('Opus with DTX leaves silence out, and the far end hears it in its length', async (t) => {
  const engine = openTestEngine(t);
  const [speaker, listener] = [engine.open(), engine.open()];
  const agreement = (port: number): AudioAgreement => ({
    codec: 'opus',
    payloadType: 111,
    clockRateHz: 48_000,
    ptimeMs: 20,
    opus: OPUS_TERMS,
    telephoneEvent: undefined,
    remote: { address: '127.0.0.1', rtpPort: port, rtcpPort: port + 1 },
    direction: 'sendrecv',
  });
  const events = new EventLog(speaker);
  speaker.configure(agreement(listener.local.rtpPort));
  listener.configure(agreement(speaker.local.rtpPort));
  const said = Int16Array.from([...sine(440, 1000, 16_000), ...new Int16Array(32_000), ...sine(700, 1000, 16_000)]);
  speaker.playout.write(said, 16_000);
  await events.next('drained');
  // Silence behind it comes now and then only, but it comes.
  await until(() => listener.heard() >= 72_000, 'all of it and half a second more');
  const heard = listener.readHeard(0, listener.heard());
  const begins = heard.findIndex((sample) => Math.abs(sample) > 2000);
  t.ok(toneShare(heard.slice(begins + 1600, begins + 14_400), 440, 16_000) > 0.9);
  t.ok(
    toneShare(heard.slice(begins + 50_000, begins + 60_000), 700, 16_000) > 0.9,
    'what follows the pause lies where it was said',
  );
  const { packetsSent } = speaker.stats();
  t.ok(packetsSent < 160, `${packetsSent} packets for four seconds`);
  t.equal(listener.stats().packetsLost, 0);
});
