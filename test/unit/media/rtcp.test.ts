import { ByePacket, CompoundPacket, ReceiverReportPacket, SdesPacket, SenderReportPacket } from 'rtp.js/packets';
import t from 'tap';
import { type RtcpFigures, RtcpReporter } from '../../../src/media/rtcp.js';

const figures = (changes: Partial<RtcpFigures> = {}): RtcpFigures => ({
  packetsSent: 100,
  payloadBytesSent: 16_000,
  lastSentTimestamp: 5000,
  lastSentMs: 1000,
  remoteSsrc: 77,
  remoteHighestSequence: 65_600,
  remoteExpected: 100,
  remoteReceived: 100,
  jitterUs: 2000,
  ...changes,
});
const NOTHING = { packetsSent: 0, packetsReceived: 0 };
const at = (monotonicMs: number) => ({ clockRateHz: 8000, now: { epochMs: 1_700_000_000_500, monotonicMs } });

function parse(datagram: Buffer) {
  return new CompoundPacket(new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)).getPackets();
}

void t.test('who sends reports as a sender: the two clocks at one instant, and what was sent', async (t) => {
  const [report, description] = parse(new RtcpReporter(1234, 'cname').report(figures(), at(1010)));
  if (!(report instanceof SenderReportPacket)) throw new Error('no sender report');
  t.equal(report.getSsrc(), 1234);
  t.equal(report.getNtpSeconds(), 1_700_000_000 + 2_208_988_800);
  t.equal(report.getNtpFraction(), 2 ** 31, 'half a second');
  t.equal(report.getRtpTimestamp(), 5080, '10 ms after the last packet');
  t.equal(report.getPacketCount(), 100);
  t.equal(report.getOctetCount(), 16_000);
  t.ok(description instanceof SdesPacket);
});

void t.test('who sent nothing since the last report reports as a receiver', async (t) => {
  const reporter = new RtcpReporter(1234, 'cname');
  reporter.report(figures(), at(1000));
  const [report] = parse(reporter.report(figures(), at(6000)));
  t.ok(report instanceof ReceiverReportPacket);
});

void t.test('loss is reported since the last report and in all; a new SSRC starts anew', async (t) => {
  const reporter = new RtcpReporter(1, 'cname');
  const block = (changes: Partial<RtcpFigures>) => {
    const [report] = parse(reporter.report(figures({ packetsSent: 0, ...changes }), at(1000)));
    const [first] = report instanceof ReceiverReportPacket ? report.getReports() : [];
    return (
      first && {
        ssrc: first.getSsrc(),
        fraction: first.getFractionLost(),
        total: first.getTotalLost(),
        jitter: first.getJitter(),
      }
    );
  };
  t.same(block({ remoteReceived: 75 }), { ssrc: 77, fraction: 64, total: 25, jitter: 16 });
  t.same(block({ remoteExpected: 200, remoteReceived: 175 }), { ssrc: 77, fraction: 0, total: 25, jitter: 16 });
  t.same(block({ remoteSsrc: 78, remoteExpected: 10, remoteReceived: 5 }), { ssrc: 78, fraction: 128, total: 5, jitter: 16 });
  t.equal(block({ remoteExpected: 0 }), undefined, 'nothing to report on');
});

void t.test('the delay since the far end reported lets it measure the round trip', async (t) => {
  const far = new RtcpReporter(77, 'far');
  const near = new RtcpReporter(1, 'near');
  t.ok(near.receive(far.report(figures({ remoteExpected: 0 }), at(0)), 2000, NOTHING));
  const [report] = parse(near.report(figures({ packetsSent: 0 }), at(3500)));
  const [block] = report instanceof ReceiverReportPacket ? report.getReports() : [];
  t.equal(block?.getLastSRTimestamp(), (((1_700_000_000 + 2_208_988_800) & 0xffff) * 65_536 + 32_768) >>> 0);
  t.equal(block?.getDelaySinceLastSR(), 1.5 * 65_536);
});

void t.test('what the far end reports of our RTP: loss, jitter and the round trip', async (t) => {
  const near = new RtcpReporter(1, 'near');
  const far = new RtcpReporter(77, 'far');
  t.ok(far.receive(near.report(figures(), at(1000)), 1040, NOTHING));
  const heard = figures({ packetsSent: 0, remoteSsrc: 1, remoteExpected: 10_000, remoteReceived: 4000 });
  t.ok(near.receive(far.report(heard, at(2540)), 2580, { packetsSent: 10_010, packetsReceived: 0 }, 10_000));
  t.same(near.hearing.latest, { packets: 10_000, lost: 6000, jitterTicks: 16 }, 'more than fits twelve bits');
  t.ok(Math.abs((near.hearing.roundTripMs ?? 0) - 80) < 0.1, 'what it took it to answer does not count');
  near.receive(far.report({ ...heard, remoteReceived: 10_003 }, at(2600)), 2700, NOTHING, 10_000);
  t.equal(near.hearing.latest?.lost, 0, 'duplicates are no gain');
  t.ok((near.hearing.roundTripMaxMs ?? 0) >= (near.hearing.roundTripMs ?? 0));
  const strange = new RtcpReporter(77, 'far');
  strange.receive(
    new RtcpReporter(1, 'x').report(figures(), { clockRateHz: 8000, now: { epochMs: 5, monotonicMs: 0 } }),
    0,
    NOTHING,
  );
  const before = near.hearing.roundTripMs;
  near.receive(strange.report(heard, at(9000)), 9000, NOTHING);
  t.equal(near.hearing.roundTripMs, before, 'an answer to what we never sent measures nothing');
});

void t.test("more duplicates than losses are negative in 24 bits of two's complement", async (t) => {
  const datagram = new RtcpReporter(1, 'cname').report(figures({ packetsSent: 0, remoteReceived: 103 }), at(0));
  t.equal(datagram.readIntBE(13, 3), -3);
});

void t.test('the last word is a whole report, a description and BYE', async (t) => {
  const [report, description, bye] = parse(new RtcpReporter(1, 'cname').bye(figures({ remoteReceived: 90 }), at(0)));
  if (!(report instanceof SenderReportPacket)) throw new Error('no sender report');
  t.equal(report.getReports()[0]?.getTotalLost(), 10);
  t.ok(description instanceof SdesPacket);
  if (!(bye instanceof ByePacket)) throw new Error('no BYE');
  t.same(bye.getSsrcs(), [1]);
});

void t.test('rubbish is not taken for RTCP and does not throw', async (t) => {
  const reporter = new RtcpReporter(1, 'cname');
  const good = reporter.bye(figures({ remoteExpected: 0 }), at(0));
  t.ok(reporter.receive(good, 0, NOTHING));
  let taken = 0;
  for (let length = 0; length < good.length; length++) taken += Number(reporter.receive(good.subarray(0, length), 0, NOTHING));
  t.equal(taken, 2, 'cut off behind a whole packet it still is RTCP, anywhere else it is not');
  for (let first = 0; first < 256; first++) {
    for (const second of [0, 200, 201, 202, 203, 205, 207, 255]) {
      for (const length of [0, 1, 2, 0xffff]) {
        const datagram = Buffer.alloc(40, first);
        datagram.set([first, second, length >> 8, length & 0xff]);
        reporter.receive(datagram, 0, NOTHING);
      }
    }
  }
});
