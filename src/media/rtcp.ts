import {
  ByePacket,
  CompoundPacket,
  isRtcp,
  ReceiverReportPacket,
  ReceptionReport,
  SdesChunk,
  type SdesItemType,
  SdesPacket,
  SenderReportPacket,
  XrPacket,
} from 'rtp.js/packets';
import type { ExtendedReportsWanted } from '../domain/ports/media.js';
import { ExtendedReports, type Heard } from './extended-reports.js';
import { FarEndHearing } from './far-end-hearing.js';
import { FarEndReports, type OwnCounts } from './far-end-reports.js';
import { middleNtpOf, type NtpTime, ntpOf, SHORT_NTP_PER_MS } from './ntp.js';

// The library exports the enumeration as a type only.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const CNAME_ITEM = 1 as SdesItemType;
/** What goes into one report beside the engine's figures. */
export type ReportContext = {
  clockRateHz: number;
  now: { epochMs: number; monotonicMs: number };
  /** What the far end wants of extended reports, and what there is to say. */
  wanted?: ExtendedReportsWanted | undefined;
  heard?: Heard | undefined;
};

/** The engine's figures that reports are made of, cumulative. */
export type RtcpFigures = {
  packetsSent: number;
  payloadBytesSent: number;
  lastSentTimestamp: number;
  lastSentMs: number;
  remoteSsrc: number;
  remoteHighestSequence: number;
  remoteExpected: number;
  remoteReceived: number;
  jitterUs: number;
};

/** Composes the reports of one RTP session (RFC 3550 section 6) and takes in those of the far end. */
export class RtcpReporter {
  readonly farEnd = new FarEndReports();
  readonly hearing = new FarEndHearing();
  readonly extended = new ExtendedReports(this.hearing);
  readonly #ssrc: number;
  readonly #cname: string;
  #sentAtLastReport = 0;
  #expectedAtLastReport = 0;
  #receivedAtLastReport = 0;
  #reportedSsrc = 0;
  #senderReport: { ssrc: number; middleNtp: number; arrivalMs: number } | undefined;

  constructor(ssrc: number, cname: string) {
    this.#ssrc = ssrc;
    this.#cname = cname;
  }

  /** A sender report when RTP left since the last one, else a receiver report; always with the CNAME. */
  report(figures: RtcpFigures, context: ReportContext): Buffer {
    return bytesOf(this.#compound(figures, context));
  }

  /** The last word: a report as every compound begins with one, which completes what was said before, and BYE. */
  bye(figures: RtcpFigures, context: ReportContext): Buffer {
    const packets = this.#compound(figures, context);
    const bye = new ByePacket();
    bye.addSsrc(this.#ssrc);
    packets.addPacket(bye);
    return bytesOf(packets);
  }

  #compound(figures: RtcpFigures, { clockRateHz, now, wanted, heard }: ReportContext): CompoundPacket {
    const ntp = ntpOf(now.epochMs);
    const packets = new CompoundPacket();
    const sending = figures.packetsSent > this.#sentAtLastReport;
    this.#sentAtLastReport = figures.packetsSent;
    const first = sending ? this.#senderReportOf(figures, clockRateHz, ntp, now.monotonicMs) : new ReceiverReportPacket();
    first.setSsrc(this.#ssrc);
    const block = this.#block(figures, clockRateHz, now.monotonicMs);
    if (block) first.addReport(block);
    packets.addPacket(first);
    packets.addPacket(this.#description());
    const extended = this.extended.compose(this.#ssrc, wanted, heard, { ...ntp, monotonicMs: now.monotonicMs });
    if (extended) packets.addPacket(extended);
    return packets;
  }

  /** Takes whatever came in on the RTCP port; `sentThen`: our packets that had left by `arrivalMs`. Returns whether it was RTCP. */
  receive(datagram: Uint8Array, arrivalMs: number, own: OwnCounts, sentThen = own.packetsSent): boolean {
    const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
    if (datagram.byteLength < 8 || !isRtcp(view)) return false;
    try {
      const packets = new CompoundPacket(view).getPackets();
      const report = packets.find((packet) => packet instanceof SenderReportPacket || packet instanceof ReceiverReportPacket);
      if (report instanceof SenderReportPacket) this.#noteSender(report, arrivalMs);
      if (report) this.#noteFarEnd(report, arrivalMs, own, sentThen);
      else this.farEnd.noteAlive();
      for (const packet of packets) if (packet instanceof XrPacket) this.extended.receive(packet, this.#ssrc, arrivalMs);
      return true;
    } catch {
      return false; // the library throws at whatever does not parse
    }
  }

  #noteSender(report: SenderReportPacket, arrivalMs: number): void {
    this.#senderReport = { ssrc: report.getSsrc(), middleNtp: middleNtpOf(ntpIn(report)), arrivalMs };
  }

  #noteFarEnd(report: SenderReportPacket | ReceiverReportPacket, arrivalMs: number, own: OwnCounts, sentThen: number): void {
    const packetsSent = report instanceof SenderReportPacket ? report.getPacketCount() : undefined;
    const block = report.getReports().find((candidate) => candidate.getSsrc() === this.#ssrc);
    this.farEnd.note({ packetsSent, highestHeard: block?.getHighestSeqNumber() }, own);
    if (!block) return;
    const heard = {
      lost: totalLostOf(block),
      jitterTicks: block.getJitter(),
      lastSenderReport: block.getLastSRTimestamp(),
      delaySinceLastSenderReport: block.getDelaySinceLastSR(),
    };
    this.hearing.note(heard, arrivalMs, sentThen);
  }

  #senderReportOf(figures: RtcpFigures, clockRateHz: number, ntp: NtpTime, monotonicMs: number): SenderReportPacket {
    const report = new SenderReportPacket();
    const sinceLastMs = Math.max(0, monotonicMs - figures.lastSentMs);
    report.setNtpSeconds(ntp.seconds);
    report.setNtpFraction(ntp.fraction);
    report.setRtpTimestamp((figures.lastSentTimestamp + Math.round((sinceLastMs * clockRateHz) / 1000)) >>> 0);
    report.setPacketCount(figures.packetsSent >>> 0);
    report.setOctetCount(figures.payloadBytesSent >>> 0);
    this.hearing.noteSent(middleNtpOf(ntp), monotonicMs);
    return report;
  }

  /** What arrived from the far end since the last report (RFC 3550 section 6.4.1 and appendix A.3). */
  #block(figures: RtcpFigures, clockRateHz: number, monotonicMs: number): ReceptionReport | undefined {
    if (figures.remoteExpected === 0) return undefined;
    if (figures.remoteSsrc !== this.#reportedSsrc) {
      this.#reportedSsrc = figures.remoteSsrc;
      this.#expectedAtLastReport = 0;
      this.#receivedAtLastReport = 0;
    }
    const expected = figures.remoteExpected - this.#expectedAtLastReport;
    const lost = expected - (figures.remoteReceived - this.#receivedAtLastReport);
    this.#expectedAtLastReport = figures.remoteExpected;
    this.#receivedAtLastReport = figures.remoteReceived;

    const block = new ReceptionReport();
    block.setSsrc(figures.remoteSsrc >>> 0);
    block.setFractionLost(expected > 0 && lost > 0 ? Math.min(255, Math.floor((256 * lost) / expected)) : 0);
    setTotalLost(block, figures.remoteExpected - figures.remoteReceived);
    block.setHighestSeqNumber(figures.remoteHighestSequence >>> 0);
    block.setJitter(Math.round((figures.jitterUs * clockRateHz) / 1e6) >>> 0);
    if (this.#senderReport?.ssrc === figures.remoteSsrc) {
      block.setLastSRTimestamp(this.#senderReport.middleNtp);
      block.setDelaySinceLastSR(Math.round((monotonicMs - this.#senderReport.arrivalMs) * SHORT_NTP_PER_MS) >>> 0);
    }
    return block;
  }

  #description(): SdesPacket {
    const description = new SdesPacket();
    const chunk = new SdesChunk();
    chunk.setSsrc(this.#ssrc);
    chunk.addItem(CNAME_ITEM, this.#cname);
    description.addChunk(chunk);
    return description;
  }
}

function bytesOf(packets: CompoundPacket): Buffer {
  packets.serialize();
  const view = packets.getView();
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

const ntpIn = (report: SenderReportPacket): NtpTime => ({
  seconds: report.getNtpSeconds(),
  fraction: report.getNtpFraction(),
});

/** 24 bits in two's complement behind the fraction. The library reads only 12 of them, and has its own form of negative ones. */
const TOTAL_LOST_AT = 5;

function totalLostOf(block: ReceptionReport): number {
  const view = block.getView();
  return (view.getInt8(TOTAL_LOST_AT) << 16) | view.getUint16(TOTAL_LOST_AT + 1);
}

function setTotalLost(block: ReceptionReport, lost: number): void {
  const value = Math.max(-0x80_0000, Math.min(0x7f_ffff, lost));
  const view = block.getView();
  view.setInt8(TOTAL_LOST_AT, value >> 16);
  view.setUint16(TOTAL_LOST_AT + 1, value & 0xffff);
}
