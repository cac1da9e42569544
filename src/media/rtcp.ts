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
} from 'rtp.js/packets';
import { FarEndHearing } from './far-end-hearing.js';
import { FarEndReports, type OwnCounts } from './far-end-reports.js';

/** Between the epochs of NTP (1900) and Unix (1970), RFC 3550 section 4. */
const NTP_EPOCH_OFFSET_S = 2_208_988_800;
// The library exports the enumeration as a type only.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const CNAME_ITEM = 1 as SdesItemType;
/** DLSR and LSR count in 1/65536 s. */
const SHORT_NTP_PER_MS = 65.536;

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
  report(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): Buffer {
    return bytesOf(this.#compound(figures, clockRateHz, now));
  }

  /** The last word: a report as every compound begins with one, which completes what was said before, and BYE. */
  bye(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): Buffer {
    const packets = this.#compound(figures, clockRateHz, now);
    const bye = new ByePacket();
    bye.addSsrc(this.#ssrc);
    packets.addPacket(bye);
    return bytesOf(packets);
  }

  #compound(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): CompoundPacket {
    const packets = new CompoundPacket();
    const sending = figures.packetsSent > this.#sentAtLastReport;
    this.#sentAtLastReport = figures.packetsSent;
    const first = sending ? this.#senderReportOf(figures, clockRateHz, now) : new ReceiverReportPacket();
    first.setSsrc(this.#ssrc);
    const block = this.#block(figures, clockRateHz, now.monotonicMs);
    if (block) first.addReport(block);
    packets.addPacket(first);
    packets.addPacket(this.#description());
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
      return true;
    } catch {
      return false; // the library throws at whatever does not parse
    }
  }

  #noteSender(report: SenderReportPacket, arrivalMs: number): void {
    this.#senderReport = { ssrc: report.getSsrc(), middleNtp: middleNtpOf(report), arrivalMs };
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

  #senderReportOf(figures: RtcpFigures, clockRateHz: number, now: { epochMs: number; monotonicMs: number }): SenderReportPacket {
    const report = new SenderReportPacket();
    const seconds = Math.floor(now.epochMs / 1000);
    const sinceLastMs = Math.max(0, now.monotonicMs - figures.lastSentMs);
    report.setNtpSeconds((seconds + NTP_EPOCH_OFFSET_S) >>> 0);
    report.setNtpFraction(Math.floor(((now.epochMs - seconds * 1000) / 1000) * 2 ** 32) >>> 0);
    report.setRtpTimestamp((figures.lastSentTimestamp + Math.round((sinceLastMs * clockRateHz) / 1000)) >>> 0);
    report.setPacketCount(figures.packetsSent >>> 0);
    report.setOctetCount(figures.payloadBytesSent >>> 0);
    this.hearing.noteSent(middleNtpOf(report), now.monotonicMs);
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

/** The middle 32 bits of an NTP time, by which reports refer to it. */
const middleNtpOf = (report: SenderReportPacket): number =>
  ((report.getNtpSeconds() & 0xffff) * 0x1_0000 + (report.getNtpFraction() >>> 16)) >>> 0;

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
