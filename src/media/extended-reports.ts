import { DlrrExtendedReport, RrtExtendedReport, VmExtendedReport, XrPacket } from 'rtp.js/packets';
import type { DirectionQuality, FarEndMetrics } from '../domain/call-quality.js';
import { rate } from '../domain/e-model.js';
import type { ExtendedReportsWanted } from '../domain/ports/media.js';
import type { FarEndHearing } from './far-end-hearing.js';
import { middleNtpOf, type NtpTime, SHORT_NTP_PER_MS } from './ntp.js';

/** What we know of the audio that arrives here, beside its quality. Counted as RFC 3611 section 4.7.2 says. */
export type LossPattern = { late: number; bursts: number; burstPackets: number; burstPacketsLost: number };

export type Heard = {
  ssrc: number;
  quality: DirectionQuality;
  pattern: LossPattern;
  ptimeMs: number;
  roundTripMs: number | undefined;
};

/** RFC 3611 section 4.7.2: so many packets in a row that came end a burst. */
const GMIN = 16;
const UNKNOWN = 127;
/** Section 4.7.6: what is missing is made up from what was heard before it. */
const ENHANCED_CONCEALMENT = 2;
/** Section 4.7.7: nothing waits for its time here; a hole is waited for. */
const NOT_ADAPTIVE = 2;
const HOLE_WAITED_MS = 50;

/** The extended reports of one RTP session (RFC 3611): VoIP metrics, and the times by which who only listens measures the way. */
export class ExtendedReports {
  readonly #hearing: FarEndHearing;
  #metrics: FarEndMetrics | undefined;
  #theirTime: { ssrc: number; middleNtp: number; arrivalMs: number } | undefined;

  constructor(hearing: FarEndHearing) {
    this.#hearing = hearing;
  }

  /** The newest that the far end said of our audio. */
  get metrics(): FarEndMetrics | undefined {
    return this.#metrics;
  }

  /** Undefined when there is nothing to say that the far end wants to know. */
  compose(
    ssrc: number,
    wanted: ExtendedReportsWanted | undefined,
    heard: Heard | undefined,
    now: NtpTime & { monotonicMs: number },
  ): XrPacket | undefined {
    const packet = new XrPacket();
    packet.setSsrc(ssrc);
    if (wanted?.voipMetrics && heard) packet.addReport(voipMetrics(heard));
    if (wanted?.receiverTimes) packet.addReport(this.#ownTime(now));
    if (this.#theirTime) packet.addReport(answerTo(this.#theirTime, now.monotonicMs));
    // Answered once: the next one comes with the next report.
    this.#theirTime = undefined;
    return packet.getReports().length > 0 ? packet : undefined;
  }

  /** `ownSsrc`: what is said of others is not for us. */
  receive(packet: XrPacket, ownSsrc: number, arrivalMs: number): void {
    for (const report of packet.getReports()) {
      if (report instanceof RrtExtendedReport) {
        const ntp = { seconds: report.getNtpSeconds(), fraction: report.getNtpFraction() };
        this.#theirTime = { ssrc: packet.getSsrc(), middleNtp: middleNtpOf(ntp), arrivalMs };
      } else if (report instanceof DlrrExtendedReport) {
        const ours = report.getSubReports().find(({ ssrc }) => ssrc === ownSsrc);
        if (ours) this.#hearing.noteRoundTrip(ours.lrr, ours.dlrr, arrivalMs);
      } else if (report instanceof VmExtendedReport && report.getSsrc() === ownSsrc) {
        this.#metrics = metricsOf(report);
      }
    }
  }

  #ownTime(now: NtpTime & { monotonicMs: number }): RrtExtendedReport {
    const report = new RrtExtendedReport();
    report.setNtpSeconds(now.seconds);
    report.setNtpFraction(now.fraction);
    this.#hearing.noteSent(middleNtpOf(now), now.monotonicMs);
    return report;
  }
}

function answerTo({ ssrc, middleNtp, arrivalMs }: { ssrc: number; middleNtp: number; arrivalMs: number }, monotonicMs: number) {
  const report = new DlrrExtendedReport();
  report.addSubReport({ ssrc, lrr: middleNtp, dlrr: Math.round((monotonicMs - arrivalMs) * SHORT_NTP_PER_MS) >>> 0 });
  return report;
}

function voipMetrics({ ssrc, quality, pattern, ptimeMs, roundTripMs }: Heard): VmExtendedReport {
  const { packets, lost } = quality;
  const late = Math.min(pattern.late, lost);
  const gapPackets = Math.max(0, packets - pattern.burstPackets);
  const report = new VmExtendedReport();
  report.setSsrc(ssrc);
  report.setLossRate(share(lost - late, packets));
  report.setDiscardRate(share(late, packets));
  report.setBurstDensity(share(pattern.burstPacketsLost, pattern.burstPackets));
  report.setGapDensity(share(lost - pattern.burstPacketsLost, gapPackets));
  report.setBurstDuration(word(pattern.bursts > 0 ? (pattern.burstPackets * ptimeMs) / pattern.bursts : 0));
  report.setGapDuration(word((gapPackets * ptimeMs) / (pattern.bursts + 1)));
  report.setRoundTripDelay(word(roundTripMs ?? 0));
  report.setEndSystemDelay(word(Math.max(0, quality.delayMs - (roundTripMs ?? 0) / 2)));
  report.setSignalLevel(UNKNOWN);
  report.setNoiseLevel(UNKNOWN);
  report.setResidualEchoReturnLoss(UNKNOWN);
  report.setGmin(GMIN);
  report.setRFactor(Math.round(quality.rFactor));
  report.setExternalRFactor(UNKNOWN);
  report.setMosLQ(Math.round(rate({ ...quality, delayMs: 0 }).mos * 10));
  report.setMosCQ(Math.round(quality.mos * 10));
  report.setPacketLossConcealment(ENHANCED_CONCEALMENT);
  report.setJitterBufferAdaptive(NOT_ADAPTIVE);
  report.setJitterBufferMaximumDelay(HOLE_WAITED_MS);
  report.setJitterBufferAbsoluteMaximumDelay(HOLE_WAITED_MS);
  return report;
}

/** In 256ths. */
const share = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.max(0, Math.min(255, Math.floor((256 * part) / whole)));
const word = (value: number): number => Math.min(0xffff, Math.max(0, Math.round(value)));

const metricsOf = (report: VmExtendedReport): FarEndMetrics => ({
  lossPercent: (report.getLossRate() * 100) / 256,
  discardPercent: (report.getDiscardRate() * 100) / 256,
  burstLossPercent: (report.getBurstDensity() * 100) / 256,
  gapLossPercent: (report.getGapDensity() * 100) / 256,
  burstMs: report.getBurstDuration(),
  gapMs: report.getGapDuration(),
  roundTripMs: report.getRoundTripDelay(),
  endSystemDelayMs: report.getEndSystemDelay(),
  signalLevelDbm: known(report.getSignalLevel(), signed),
  noiseLevelDbm: known(report.getNoiseLevel(), signed),
  rFactor: known(report.getRFactor()),
  mosListening: known(report.getMosLQ(), tenths),
  mosConversation: known(report.getMosCQ(), tenths),
});

const known = (byte: number, read: (byte: number) => number = Number): number | undefined =>
  byte === UNKNOWN ? undefined : read(byte);
const signed = (byte: number): number => (byte << 24) >> 24;
const tenths = (byte: number): number => byte / 10;
