import * as fc from 'fast-check';
import { CompoundPacket, VmExtendedReport, XrPacket } from 'rtp.js/packets';
import t from 'tap';
import { directionQuality } from '../../../src/domain/call-quality.js';
import type { Heard } from '../../../src/media/extended-reports.js';
import { type RtcpFigures, RtcpReporter } from '../../../src/media/rtcp.js';

const NEAR = 1;
const FAR = 77;
const NOTHING = { packetsSent: 0, packetsReceived: 0 };
const BOTH = { voipMetrics: true, receiverTimes: true };
const figures = (changes: Partial<RtcpFigures> = {}): RtcpFigures => ({
  packetsSent: 0,
  payloadBytesSent: 0,
  lastSentTimestamp: 0,
  lastSentMs: 0,
  remoteSsrc: FAR,
  remoteHighestSequence: 1000,
  remoteExpected: 1000,
  remoteReceived: 950,
  jitterUs: 2000,
  ...changes,
});
const at = (monotonicMs: number) => ({ clockRateHz: 8000, now: { epochMs: 1_700_000_000_000 + monotonicMs, monotonicMs } });

/** A thousand packets of 20 ms, fifty lost, of which ten came too late; forty of them in two bursts of thirty packets. */
function heard(ssrc: number): Heard {
  const quality = directionQuality({ packets: 1000, lost: 50, jitterMs: 5, lossRuns: 30 }, { codec: 'PCMA', ptimeMs: 20 }, 80);
  if (!quality) throw new Error('nothing heard');
  const pattern = { late: 10, bursts: 2, burstPackets: 60, burstPacketsLost: 40 };
  return { ssrc, quality, pattern, ptimeMs: 20, roundTripMs: 80 };
}

const viewOf = (datagram: Buffer): DataView => new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
const extendedIn = (datagram: Buffer): XrPacket | undefined =>
  new CompoundPacket(viewOf(datagram)).getPackets().find((packet) => packet instanceof XrPacket);

void t.test('VoIP metrics say of what arrives how it was lost, and what that makes of it', async (t) => {
  const near = new RtcpReporter(NEAR, 'near');
  const far = new RtcpReporter(FAR, 'far');
  t.ok(far.receive(near.report(figures(), { ...at(0), wanted: BOTH, heard: heard(FAR) }), 0, NOTHING));
  const { mosListening, mosConversation, rFactor, ...metrics } = far.extended.metrics ?? {};
  t.same(metrics, {
    lossPercent: (Math.floor((40 / 1000) * 256) * 100) / 256,
    discardPercent: (Math.floor((10 / 1000) * 256) * 100) / 256,
    burstLossPercent: (Math.floor((40 / 60) * 256) * 100) / 256,
    gapLossPercent: (Math.floor((10 / 940) * 256) * 100) / 256,
    burstMs: 600,
    gapMs: Math.round((940 * 20) / 3),
    roundTripMs: 80,
    endSystemDelayMs: 30,
    signalLevelDbm: undefined,
    noiseLevelDbm: undefined,
  });
  const { quality } = heard(FAR);
  t.equal(rFactor, Math.round(quality.rFactor));
  t.equal(mosConversation, Math.round(quality.mos * 10) / 10);
  t.ok((mosListening ?? 0) >= (mosConversation ?? 5));
});

void t.test('losses that come together are worse than as many by chance', async (t) => {
  const mosOf = (lossRuns: number): number =>
    directionQuality({ packets: 1000, lost: 50, jitterMs: 0, lossRuns }, { codec: 'PCMA', ptimeMs: 20 }, 0)?.mos ?? 0;
  t.ok(mosOf(10) < mosOf(25));
  t.ok(mosOf(25) < mosOf(48));
  const few = directionQuality({ packets: 1000, lost: 1, jitterMs: 0, lossRuns: 1 }, { codec: 'PCMA', ptimeMs: 20 }, 0);
  t.equal(few?.burstRatio, 1);
});

void t.test('who sends nothing measures the round trip by its own times', async (t) => {
  const near = new RtcpReporter(NEAR, 'near');
  const far = new RtcpReporter(FAR, 'far');
  far.receive(near.report(figures(), { ...at(1000), wanted: BOTH }), 1040, NOTHING);
  near.receive(far.report(figures({ remoteSsrc: NEAR, remoteExpected: 0 }), at(2540)), 2580, NOTHING);
  t.ok(Math.abs((near.hearing.roundTripMs ?? 0) - 80) < 0.1, `${near.hearing.roundTripMs} ms`);
  t.equal(extendedIn(far.report(figures(), at(8000))), undefined, 'a time is answered once');
});

void t.test('nothing is sent that was not asked for, and nothing taken that is said of others', async (t) => {
  const near = new RtcpReporter(NEAR, 'near');
  const far = new RtcpReporter(FAR, 'far');
  t.equal(extendedIn(near.report(figures(), { ...at(0), heard: heard(FAR) })), undefined);
  const timesOnly = { voipMetrics: false, receiverTimes: true };
  const times = extendedIn(near.report(figures(), { ...at(0), wanted: timesOnly, heard: heard(FAR) }));
  t.notOk(times?.getReports().some((report) => report instanceof VmExtendedReport));
  far.receive(near.report(figures(), { ...at(0), wanted: BOTH, heard: heard(5) }), 0, NOTHING);
  t.equal(far.extended.metrics, undefined);
});

void t.test('levels are signed, and a far end may not know all', async (t) => {
  const packet = new XrPacket();
  const report = new VmExtendedReport();
  packet.setSsrc(FAR);
  report.setSsrc(NEAR);
  report.setSignalLevel(256 - 18);
  report.setNoiseLevel(127);
  report.setRFactor(127);
  report.setMosLQ(41);
  report.setMosCQ(127);
  packet.addReport(report);
  const compound = new CompoundPacket();
  compound.addPacket(packet);
  compound.serialize();
  const near = new RtcpReporter(NEAR, 'near');
  const view = compound.getView();
  t.ok(near.receive(Buffer.from(view.buffer, view.byteOffset, view.byteLength), 0, NOTHING));
  t.match(near.extended.metrics, {
    signalLevelDbm: -18,
    noiseLevelDbm: undefined,
    rFactor: undefined,
    mosListening: 4.1,
    mosConversation: undefined,
  });
});

void t.test('extended reports that were tampered with do no harm', async (t) => {
  const good = new RtcpReporter(NEAR, 'near').report(figures(), { ...at(0), wanted: BOTH, heard: heard(FAR) });
  const tampered = fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(tampered, fc.nat({ max: good.length }), (changes, length) => {
      const datagram = Buffer.from(good);
      for (const [place, byte] of changes) datagram[place] = byte;
      const far = new RtcpReporter(FAR, 'far');
      far.receive(datagram.subarray(0, length), 0, NOTHING);
      far.report(figures({ remoteSsrc: NEAR }), at(1));
      return true;
    }),
    { numRuns: 2000 },
  );
  t.pass('nothing was thrown');
});
